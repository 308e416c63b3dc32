import ReferenceMap
package import Reporting

/// What came of `hfloc map build`, for people and as JSON.
package struct MapBuildReport {
    private let summary: MappingSummary
    private let identity: String
    private let path: String
    private let bytes: Int
    private let unused: [UnusedInput]

    /// - Parameters:
    ///   - summary: what the build counted.
    ///   - identity: of the map.
    ///   - path: where it was written.
    ///   - bytes: size of its file.
    ///   - unused: what the folder holds that is in no list.
    package init(
        summary: MappingSummary, identity: String, path: String, bytes: Int, unused: [UnusedInput] = []
    ) {
        self.summary = summary
        self.identity = identity
        self.path = path
        self.bytes = bytes
        self.unused = unused
    }

    /// What the person should know: images left out, and such as frames near them may not be localized by.
    package var warnings: [String] {
        var warnings = leftOut
        if let warning = summary.orientationWarning { warnings.append(warning) }
        warnings += qualityWarnings
        for image in summary.weakImages {
            warnings.append("\(image.name) has only \(image.landmarks) landmarks; frames near it may not be localized")
        }
        for more in [summary.refinement?.warnings, summary.drive?.warnings, summary.cache?.warnings] {
            warnings += more ?? []
        }
        return warnings
    }

    private var qualityWarnings: [String] {
        switch summary.quality.verdict {
        case .contradicted: ["the map is marked: its images contradict its poses or its camera"]
        case .weak: ["the map is weak: poses in it are less exact, or less sure, than those of a good one"]
        case .good, .unchecked: []
        }
    }

    /// Those of the same reason in one line.
    private var leftOut: [String] {
        var groups: [(reason: String, names: [String])] = []
        for image in summary.skipped {
            let index = groups.firstIndex { $0.reason == image.reason } ?? groups.endIndex
            if index == groups.endIndex { groups.append((image.reason, [])) }
            groups[index].names.append(image.name)
        }
        return groups.map { group in
            group.names.count == 1
                ? "\(group.names[0]) is left out: \(group.reason)"
                : "\(group.names.count) images are left out: \(NameList.text(group.names)): \(group.reason)"
        }
    }

    private var perImage: Int { summary.keypoints / max(1, summary.images) }
    private var megabytes: Double { Double(bytes) / 1e6 }

    /// A line for each subject.
    package var text: String {
        let times = summary.seconds.map { "\($0.stage.rawValue) \($0.seconds.text(1)) s" }
        let drive = summary.drive.map { "drive      \($0.text)\n" } ?? ""
        return drive + """
            map        \(path), \(megabytes.text(1)) MB, id \(identity.prefix(12))
            images     \(summary.images) used, \(summary.skipped.count) left out
            keypoints  \(summary.keypoints), \(perImage) per image; \((100 * summary.matchedRatio).text(0)) % observe \
            a landmark
            pairs      \(summary.pairs) matched, \(summary.usedPairs) used; \((100 * summary.verifiedRatio).text(0)) % \
            of the matches fit the known poses, and \((100 * summary.diagnosis.share).text(0)) % of the sure ones
            earth      \(summary.georeference?.text ?? "not known")
            poses      \(summary.refinement?.text ?? "as given")
            landmarks  \(summary.landmarks), each seen in \(summary.meanTrackLength.text(1)) images on average
            error      \(summary.meanReprojectionError.text(2)) px mean reprojection
            time       \(times.joined(separator: ", "))
            cache      \(summary.cache?.text ?? "none")
            \(QualityReport(summary.quality).text(width: 11))
            """
    }

    /// One object.
    package var json: String {
        JSONText.object([
            ("map", JSONText.string(path)), ("map_id", JSONText.string(identity)),
            ("bytes", "\(bytes)"), ("images", "\(summary.images)"),
            (
                "skipped",
                JSONText.array(
                    summary.skipped.map {
                        JSONText.object([
                            ("name", JSONText.string($0.name)), ("reason", JSONText.string($0.reason)),
                        ])
                    })
            ),
            (
                "weak_images",
                JSONText.array(
                    summary.weakImages.map {
                        JSONText.object([("name", JSONText.string($0.name)), ("landmarks", "\($0.landmarks)")])
                    })
            ),
            ("unused", JSONText.array(unused.map(\.json))),
            ("keypoints", "\(summary.keypoints)"), ("pairs", "\(summary.pairs)"),
            ("used_pairs", "\(summary.usedPairs)"), ("matches", "\(summary.matches)"),
            ("verified_matches", "\(summary.verifiedMatches)"), ("tracks", "\(summary.tracks)"),
            ("landmarks", "\(summary.landmarks)"), ("observations", "\(summary.observations)"),
            ("mean_track_length", JSONText.number(summary.meanTrackLength)),
            ("mean_reprojection_error_px", JSONText.number(summary.meanReprojectionError)),
            ("matched_ratio", JSONText.number(summary.matchedRatio)),
            ("drive", summary.drive?.json ?? "null"),
            ("georeference", summary.georeference?.json ?? "null"),
            ("fitting_share", JSONText.number(summary.diagnosis.share)),
            ("quality", QualityReport(summary.quality).json),
            ("refinement", summary.refinement?.json ?? "null"), ("cache", summary.cache?.json ?? "null"),
            (
                "seconds",
                JSONText.object(summary.seconds.map { ($0.stage.rawValue, JSONText.number($0.seconds)) })
            ),
        ])
    }
}
