import Container
import Files

/// How a map's quality stands in its file (Formats.md): optional metadata `check.*` and two tensors.
extension MapQuality {
    private static let prefix = "check."

    /// Values by their names, as the file has them.
    private static let numbers: [(String, any WritableKeyPath<MapQuality, Double> & Sendable)] = [
        ("position_factor", \.positionFactor), ("rotation_factor", \.rotationFactor),
        ("calibration_factor", \.calibrationFactor), ("level_multiple", \.levelMultiple),
        ("focal_spread", \.focalSpread), ("purity_low", \.purity.low), ("purity_median", \.purity.median),
        ("position_error_median", \.positionError.median), ("position_error_worst", \.positionError.worst),
        ("rotation_error_median", \.rotationError.median), ("rotation_error_worst", \.rotationError.worst),
    ]
    private static let counts: [(String, any WritableKeyPath<MapQuality, Int> & Sendable)] = [
        ("tried", \.tried), ("found", \.found), ("ambiguous", \.ambiguous),
    ]

    /// Whether a key of the metadata belongs to a check.
    static func owns(_ key: String) -> Bool { key.hasPrefix(prefix) }

    /// As the file has it: nothing of a map that was not checked.
    package var metadata: [String: String] {
        guard verdict != .unchecked else { return [:] }
        var values = [Self.prefix + "verdict": verdict.rawValue]
        for (name, path) in Self.numbers { values[Self.prefix + name] = "\(self[keyPath: path])" }
        for (name, path) in Self.counts { values[Self.prefix + name] = "\(self[keyPath: path])" }
        return values
    }

    /// Of a map's file; the defaults where it was not checked.
    init(_ file: TensorFile) throws(ContainerError) {
        self.init()
        guard let word = file.metadata[Self.prefix + "verdict"] else { return }
        guard let verdict = Verdict(rawValue: word) else {
            throw ContainerError(
                .unsuitable, file: file.path, field: "metadata '\(Self.prefix)verdict'",
                reason: "'\(word)' is no verdict", cure: "check the map again: hfloc map check")
        }
        self.verdict = verdict
        for (name, path) in Self.numbers {
            self[keyPath: path] = try file.double(Self.prefix + name, in: 0...1e12)
        }
        for (name, path) in Self.counts {
            self[keyPath: path] = try file.int(Self.prefix + name, in: 0...MapFormat.largestCount)
        }
    }
}

/// The keyframes' part.
enum KeyframeQualities {
    private static let values = 4

    /// Nil where the file has none.
    static func read(_ file: TensorFile, count: Int) throws(ContainerError) -> [KeyframeQuality]? {
        typealias Name = MapFormat.Tensor
        guard file.description(of: Name.checkFlags) != nil else { return nil }
        let flags: TensorView<UInt8> = try file.tensor(Name.checkFlags, shape: [count])
        let numbers: TensorView<Float> = try file.tensor(Name.checkValues, shape: [count, values])
        return (0..<count).map { index in
            var quality = KeyframeQuality()
            let flag = flags[index]
            (quality.isTried, quality.isFound, quality.isAmbiguous) = (flag & 1 != 0, flag & 2 != 0, flag & 4 != 0)
            let at = index * values
            (quality.positionFactor, quality.rotationFactor) = (numbers[at], numbers[at + 1])
            (quality.purity, quality.logFocal) = (numbers[at + 2], numbers[at + 3])
            return quality
        }
    }

    static func add(_ qualities: [KeyframeQuality], to writer: inout TensorFileWriter) {
        let flags = qualities.map { quality in
            UInt8(quality.isTried ? 1 : 0) | (quality.isFound ? 2 : 0) | (quality.isAmbiguous ? 4 : 0)
        }
        writer.add(MapFormat.Tensor.checkFlags, flags)
        writer.add(
            MapFormat.Tensor.checkValues,
            qualities.flatMap { [$0.positionFactor, $0.rotationFactor, $0.purity, $0.logFocal] },
            shape: [qualities.count, values])
    }
}

extension ReferenceMap {
    /// Writes the map with what a check of it found, in place of an earlier check: the same bytes otherwise, under
    /// another identity. All or nothing.
    ///
    /// - Returns: the new identity.
    @discardableResult
    public func write(
        to path: String, quality: MapQuality, keyframes: [KeyframeQuality]
    ) throws(MapError) -> String {
        precondition(keyframes.count == keyframeCount, "ReferenceMap: a quality for each keyframe")
        guard file.version >= MapFormat.version else {
            throw MapError(
                .version, file: self.path, field: "metadata 'format_version'",
                problem: "a map of version \(file.version) has no room for what a check finds",
                cure: "build the map again")
        }
        var writer = TensorFileWriter(kind: MapFormat.kind, version: file.version)
        let written = [MapFormat.Key.mapID, "kind", "format_version", "tensor_hashes"]
        for (key, value) in metadata where !written.contains(key) && !MapQuality.owns(key) {
            writer.setMetadata(key, value)
        }
        for (key, value) in quality.metadata { writer.setMetadata(key, value) }
        let old = [MapFormat.Tensor.checkFlags, MapFormat.Tensor.checkValues]
        for name in file.names where !old.contains(name) { writer.add(name, from: file) }
        if quality.verdict != .unchecked { KeyframeQualities.add(keyframes, to: &writer) }
        do throws(FileError) {
            return try writer.write(to: path, identity: MapFormat.Key.mapID).description
        } catch {
            throw MapError(error)
        }
    }
}
