package import ReferenceMap
import Files
import Geometry
import Reporting

/// The report of a build, for the person who drove: one HTML file that needs no other, with pictures.
package struct MapPage {
    private let map: ReferenceMap
    private let summary: MappingSummary
    private let source: String
    private let thumbnail: (String) -> [UInt8]?
    private let keyframes: [ReportedKeyframe]
    private let loops: [LoopClosure]
    private let weak: [WeakPlace]
    private let plane: ImagePlane
    private let few: Int

    /// - Parameters:
    ///   - map: as it was written.
    ///   - summary: of its build.
    ///   - source: the name of the folder that it was built of.
    ///   - few: landmarks below which a keyframe has few.
    ///   - thumbnail: a small JPEG of the image of this name; nil if it cannot be had.
    package init(
        _ map: ReferenceMap, _ summary: MappingSummary, source: String, few: Int = MappingOptions().fewLandmarks,
        thumbnail: @escaping (String) -> [UInt8]?
    ) {
        (self.map, self.summary, self.source, self.few) = (map, summary, source, few)
        self.thumbnail = thumbnail
        var keyframes = (0..<map.keyframeCount).map { ReportedKeyframe($0, of: map) }
        for row in summary.leftOut { keyframes[row.keyframe].leftOut = row }
        self.keyframes = keyframes
        loops = LoopClosure.all(of: map, keyframes)
        weak = WeakPlace.worst(of: keyframes, few: few)
        plane = ImagePlane(map)
    }

    /// The file.
    package var html: String {
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Map of \(Markup.escaped(source))</title>
        <link rel="icon" href="data:,">
        <style>
        \(PageStyle.tokens)
        \(ReportStyle.css)
        \(MapPageStyle.css)
        </style>
        </head>
        <body>
        <main>
        \([header, advice, plan, weakPlaces, along, errors, loopClosures, fit, figures].joined(separator: "\n"))
        </main>
        </body>
        </html>

        """
    }

    private func section(_ title: String, _ note: String, _ content: String) -> String {
        """
        <section>
          <h2>\(title)</h2>
          \(note.isEmpty ? "" : "<p class=\"note\">\(note)</p>")
          \(content)
        </section>
        """
    }

    // MARK: What counts

    private var header: String {
        let quality = map.quality
        let verdict = MapVerdict(quality.verdict)
        let error = quality.verdict == .unchecked ? nil : quality.positionError.median
        return """
            <header>
              <p class="kicker">Map · \(Markup.escaped(source)) · id \(map.identity.prefix(12))</p>
              <div class="lead">
                <p class="headline"><b>\(error.map { ReportFigures.metres($0) } ?? "?")</b></p>
                <div>
                  <h1><span class="grade \(verdict.style)">\(verdict.title)</span></h1>
                  <p>\(verdict.meaning)\(error == nil ? "" : " " + found)</p>
                </div>
              </div>
              <dl class="facts">
                \(fact("Images", "\(summary.images) of \(summary.images + summary.skipped.count)"))
                \(fact("Landmarks", "\(map.landmarkCount)"))
                \(fact("Drive", ReportFigures.metres(driven)))
                \(fact("Reprojection", "\(summary.meanReprojectionError.text(2)) px"))
                \(fact("Loops", "\(loops.count)"))
                \(fact("On the Earth", map.origin == nil ? "not known" : "known"))
              </dl>
            </header>
            """
    }

    private var found: String {
        let quality = map.quality
        return """
            \(quality.found) of \(quality.tried) keyframes were found again without their own observations, half of \
            them within \(ReportFigures.metres(quality.positionError.median)), all within \
            \(ReportFigures.metres(quality.positionError.worst)).
            """
    }

    private var driven: Double {
        zip(keyframes, keyframes.dropFirst()).reduce(0) { $0 + ($1.1.centre - $1.0.centre).length }
    }

    private func fact(_ name: String, _ value: String) -> String {
        "<div><dt>\(name)</dt><dd>\(Markup.escaped(value))</dd></div>"
    }

    private var advice: String {
        var warnings = MapBuildReport(
            summary: summary, identity: map.identity, path: map.path, bytes: 0
        ).warnings.filter { warning in !weak.contains { warning.hasPrefix("\($0.keyframe.name) has only") } }
        if loops.isEmpty, keyframes.count > 30, summary.georeference?.fixes.given ?? 0 == 0 {
            warnings.append("the drive never comes back to a place: nothing shows how far its poses have drifted")
        }
        guard !warnings.isEmpty else { return "" }
        let items = warnings.map { "<li class=\"warning\"><b>Warning</b> \(Markup.escaped($0))</li>" }
        return section("To look at", "", "<ul class=\"advice\">\n\(items.joined(separator: "\n"))\n</ul>")
    }

    // MARK: Pictures

    private var plan: String {
        let legend = """
            <p class="legend"><span class="sound"></span> found again where it is <span class="doubtful"></span> \
            another place looks alike <span class="missing"></span> not found again <span class="untried"></span> \
            not tried <span class="loops"></span> the drive meets itself</p>
            """
        return section(
            "The map from above",
            "Grey: landmarks. Line: the drive. A frame near a keyframe that is not found again will often be lost.",
            "<figure>\(MapPlan(map, keyframes, loops).svg)</figure>\n\(legend)")
    }

    private var weakPlaces: String {
        guard !weak.isEmpty else {
            return section("Weak places", "", "<p>None: every keyframe that was tried is found where it is.</p>")
        }
        let cards = weak.map { place in
            let picture = thumbnail(place.keyframe.name).map {
                "<img alt=\"\" src=\"data:image/jpeg;base64,\(Markup.base64($0))\">"
            }
            let name = Markup.escaped(place.keyframe.name)
            return """
                <article>\(picture ?? "<div class=\"noimage\"></div>")<h3 title="\(name)">\(name)</h3>\
                <p>keyframe \(place.keyframe.number + 1): <b>\(Markup.escaped(place.reason))</b></p></article>
                """
        }
        return section(
            "Weak places",
            "The worst first. Drive there again, slower, closer, or with more light, if frames are to be found there.",
            "<div class=\"cards\">\n\(cards.joined(separator: "\n"))\n</div>")
    }

    private var along: String {
        section(
            "Coverage",
            "Landmarks of each keyframe along the drive (below \(few) in red), and where in the image they are seen.",
            """
            <figure>\(DriveChart(keyframes).landmarks(few: few))</figure>
            <figure class="small">\(plane.coverage)<figcaption>Pale parts of the image give nothing: the sky, the \
            road, the bonnet.</figcaption></figure>
            """)
    }

    private var errors: String {
        guard !summary.leftOut.isEmpty else {
            return section("Leave-one-out errors", "", "<p>Not known: the map was built with --no-check.</p>")
        }
        let quality = map.quality
        return section(
            "Leave-one-out errors",
            """
            Each keyframe is localized in the map as it would be without its own observations. Median \
            \(quality.positionError.median.text(3)) m and \((quality.rotationError.median * 180 / .pi).text(3))°, \
            worst \(quality.positionError.worst.text(3)) m and \((quality.rotationError.worst * 180 / .pi).text(2))°. \
            What all keyframes share, as a map that is bent or scaled as a whole, this does not see.
            """,
            "<figure>\(DriveChart(keyframes).errors())</figure>")
    }

    private var loopClosures: String {
        guard !loops.isEmpty else {
            return section("Loop closures", "", "<p>None: no place is seen twice with a longer way between.</p>")
        }
        let rows = loops.prefix(12).map { loop in
            """
            <tr><th>\(Markup.escaped(keyframes[loop.first].name))</th>\
            <td>\(Markup.escaped(keyframes[loop.second].name))</td><td>\(loop.shared)</td>\
            <td>\(ReportFigures.metres(loop.length))</td></tr>
            """
        }
        return section(
            "Loop closures",
            "Where the drive meets itself, landmarks that are seen both times hold its ends together.",
            """
            <table><thead><tr><th>Keyframe</th><th>meets</th><th>Shared landmarks</th><th>Way between</th></tr></thead>
            <tbody>\(rows.joined(separator: "\n"))</tbody></table>
            \(loops.count > 12 ? "<p class=\"after\">and \(loops.count - 12) more</p>" : "")
            """)
    }

    private var fit: String {
        let residuals = plane.residuals
        return section(
            "Residuals",
            """
            How far landmarks are from where they are seen, pixels of the network's input: mean \
            \(summary.meanReprojectionError.text(2)). An arrow that is longer than its neighbours, or arrows that form \
            a pattern, say that the camera's calibration is not exact there.
            """,
            """
            <div class="two"><figure>\(residuals.svg)<figcaption>Mean residual of each part of the image, \
            \(residuals.scale.text(0)) times enlarged</figcaption></figure>
            <figure>\(plane.histogramPlot)<figcaption>How often each distance occurs</figcaption></figure></div>
            """)
    }

    // MARK: Figures

    private var figures: String {
        let build = MapBuildReport(
            summary: summary, identity: map.identity, path: map.path, bytes: FileStatus.size(map.path))
        let notes = map.metadata.filter { $0.key.hasPrefix("provenance.") || $0.key.hasPrefix("options.") }
            .sorted { $0.key < $1.key }
            .map { "<tr><th>\(Markup.escaped($0.key))</th><td class=\"text\">\(Markup.escaped($0.value))</td></tr>" }
        return section(
            "All figures", "",
            """
            <pre>\(Markup.escaped(build.text))</pre>
            <details><summary>How it was made</summary><table>\(notes.joined(separator: "\n"))
            <tr><th>map</th><td class="text hash">\(map.identity)</td></tr>
            <tr><th>network</th><td class="text hash">\(map.modelID)</td></tr></table></details>
            """)
    }
}

/// What a verdict says to a person.
private struct MapVerdict {
    let title: String
    let meaning: String
    /// Of the title.
    let style: String

    init(_ verdict: MapQuality.Verdict) {
        switch verdict {
        case .good:
            (title, style) = ("Good", "good")
            meaning = "Keyframes are found where they are, about as exactly as their covariances say."
        case .weak:
            (title, style) = ("Weak", "weak")
            meaning = "Few keyframes are found again, or their errors are large: see the weak places."
        case .contradicted:
            (title, style) = ("Contradicted", "bad")
            meaning = "The images contradict the poses or the camera. Poses in this map must not be believed."
        case .unchecked:
            (title, style) = ("Unchecked", "weak")
            meaning = "The map was built without localizing its own keyframes: 'hfloc map check' says how good it is."
        }
    }
}
