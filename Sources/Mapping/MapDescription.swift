internal import Geometry
package import ReferenceMap
internal import Reporting

/// What a map holds and where it comes from: `hfloc map info`.
package struct MapDescription {
    private let map: ReferenceMap
    private let bytes: Int

    /// - Parameters:
    ///   - map: the map.
    ///   - bytes: size of the map's file.
    package init(_ map: ReferenceMap, bytes: Int) {
        self.map = map
        self.bytes = bytes
    }

    /// A line for each subject, then for each note of the map's making.
    package var text: String {
        let (low, high) = map.boundingBox
        let size = high - low
        var lines = [
            ("map", "\(map.path), \((Double(bytes) / 1e6).text(1)) MB"),
            ("id", map.identity),
            ("model", map.modelID),
            ("input", "long side \(map.longSide) px, \(map.cameras.count) cameras"),
            ("descriptors", "local \(map.descriptorDimension), global \(map.globalDimension)"),
            ("clusters", map.clusters == nil ? "the model's" : "of the map's own images"),
            ("keyframes", "\(map.keyframeCount)"),
            ("landmarks", "\(map.landmarkCount)"),
            ("observations", "\(map.observationCount)"),
            ("covisible", "\(map.covisibleKeyframes.count / 2) pairs of \(map.minimumShared) landmarks or more"),
            ("extent", "\(size.x.text(1)) x \(size.y.text(1)) x \(size.z.text(1)) \(isMetric ? "m" : "units")"),
        ]
        if let origin = map.origin { lines.append(("earth", GeoreferenceReport(origin: origin).text)) }
        lines += QualityReport(map.quality).lines
        lines += notes.map { ($0.key, $0.value) }
        let width = lines.reduce(0) { max($0, $1.0.count) } + 2
        return lines.map { $0.0.padded(width) + $0.1 }.joined(separator: "\n")
    }

    /// One object; the notes under their own names.
    package var json: String {
        let (low, high) = map.boundingBox
        let members: [(String, String)] = [
            ("map", JSONText.string(map.path)), ("map_id", JSONText.string(map.identity)),
            ("model_id", JSONText.string(map.modelID)), ("input_long_side", "\(map.longSide)"),
            ("bytes", "\(bytes)"), ("cameras", "\(map.cameras.count)"),
            ("descriptor_dimension", "\(map.descriptorDimension)"), ("global_dimension", "\(map.globalDimension)"),
            ("clusters", JSONText.string(map.clusters == nil ? "model" : "own")),
            ("keyframes", "\(map.keyframeCount)"), ("landmarks", "\(map.landmarkCount)"),
            ("observations", "\(map.observationCount)"), ("covisible_pairs", "\(map.covisibleKeyframes.count / 2)"),
            (
                "bounding_box",
                JSONText.array([low.x, low.y, low.z, high.x, high.y, high.z].map { JSONText.number($0) })
            ),
        ]
        let origin = map.origin.map { origin in
            JSONText.array([origin.latitude, origin.longitude, origin.height].map { JSONText.number($0) })
        }
        let judged = [("origin", origin ?? "null"), ("quality", QualityReport(map.quality).json)]
        return JSONText.object(members + judged + notes.map { ($0.key, JSONText.string($0.value)) })
    }

    private var isMetric: Bool { MapProvenance.withoutScale.keys.allSatisfy { map.metadata[$0] == nil } }

    /// Provenance, options and statistics, by name.
    private var notes: [(key: String, value: String)] {
        map.metadata.filter { $0.key.contains(".") && !$0.key.hasPrefix("check.") }.sorted { $0.key < $1.key }
    }
}
