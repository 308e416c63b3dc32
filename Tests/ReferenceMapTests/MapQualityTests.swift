import ReferenceMap
import TestSupport
import Testing

@Suite("A map's quality") struct MapQualityTests {
    let scratch = Scratch()

    private func quality() -> MapQuality {
        var quality = MapQuality()
        quality.verdict = .weak
        (quality.tried, quality.found, quality.ambiguous) = (9, 8, 1)
        (quality.positionFactor, quality.rotationFactor, quality.calibrationFactor) = (1.25, 3.5, 7)
        (quality.levelMultiple, quality.focalSpread) = (5.5, 0.0013)
        (quality.purity, quality.positionError) = ((0.7, 0.9), (0.01, 0.2))
        quality.rotationError = (0.001, 0.02)
        return quality
    }

    private func keyframes() -> [KeyframeQuality] {
        (0..<9).map { index in
            var keyframe = KeyframeQuality()
            (keyframe.isTried, keyframe.isFound, keyframe.isAmbiguous) = (index > 0, index > 1, index == 5)
            (keyframe.positionFactor, keyframe.rotationFactor) = (Float(index), 0.5)
            (keyframe.purity, keyframe.logFocal) = (0.25, -0.001 * Float(index))
            return keyframe
        }
    }

    @Test("comes back from the file, and belongs to its identity")
    func roundTrip() throws {
        let path = "\(scratch.path)/map.hfmap"
        try SmallMap.contents(named: "quality").write(to: path)
        let map = try ReferenceMap(opening: path)
        #expect(map.quality == MapQuality() && map.quality.verdict == .unchecked && map.keyframeQualities == nil)
        let identity = try map.write(to: path, quality: quality(), keyframes: keyframes())
        let checked = try ReferenceMap(opening: path)
        #expect(checked.identity == identity && identity != map.identity)
        #expect(checked.quality == quality() && checked.keyframeQualities == keyframes())
        _ = try checked.verify()
        #expect(checked.metadata["provenance.source"] == map.metadata["provenance.source"])
        // A second check takes the place of the first; none gives the first map back, byte for byte.
        let again = try checked.write(to: path, quality: quality(), keyframes: keyframes())
        #expect(again == identity)
        let bare = try checked.write(to: path, quality: MapQuality(), keyframes: keyframes())
        #expect(bare == map.identity)
    }

    @Test("that is damaged is refused by name", arguments: ["verdict", "position_factor"])
    func damage(field: String) throws {
        let path = "\(scratch.path)/map.hfmap"
        var contents = try SmallMap.contents(named: "damaged quality")
        contents.notes["check.verdict"] = field == "verdict" ? "splendid" : "good"
        try contents.write(to: path)
        let error = #expect(throws: MapError.self) { try ReferenceMap(opening: path) }
        #expect(error?.field.contains("check.\(field)") == true)
    }
}
