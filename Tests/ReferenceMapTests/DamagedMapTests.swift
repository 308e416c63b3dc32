import Container
import Geometry
import ReferenceMap
import TestSupport
import Testing

@Suite("A damaged map")
struct DamagedMapTests {
    let scratch = Scratch()

    private func bytes(named name: String) throws -> [UInt8] {
        let path = "\(scratch.path)/good.hfmap"
        try SmallMap.contents(named: name, keyframes: 5, landmarks: 80).write(to: path)
        return Scratch.read(path)
    }

    /// Opens the map and reads all of it through the accessors; what is not refused must be readable.
    private func use(_ bytes: [UInt8]) -> MapError? {
        let path = scratch.write("damaged.hfmap", bytes)
        do {
            let map = try ReferenceMap(opening: path)
            var sum = 0.0
            for keyframe in 0..<map.keyframeCount {
                sum += Double(map.name(ofKeyframe: keyframe).count) + map.camera(ofKeyframe: keyframe).focalLength.x
                sum += map.cameraFromMap(ofKeyframe: keyframe).translation.x
                for observation in map.observations(ofKeyframe: keyframe) {
                    let landmark = Int(map.observationLandmarks[observation])
                    sum += map.position(ofLandmark: landmark).x + map.pixel(ofObservation: observation).x
                    sum += Double(map.keyframe(ofObservation: observation))
                    sum += Double(map.observations(ofLandmark: landmark).count)
                }
                for neighbour in map.neighbours(of: keyframe) {
                    sum += map.cameraFromMap(ofKeyframe: Int(map.covisibleKeyframes[neighbour])).translation.x
                }
            }
            #expect(sum.isFinite)
            _ = try map.verify()
            return nil
        } catch {
            #expect(!error.field.isEmpty && !error.cure.isEmpty && error.file == path)
            return error
        }
    }

    @Test("is refused wherever it is cut off")
    func truncated() throws {
        let good = try bytes(named: "truncated")
        #expect(use(good) == nil)
        for length in stride(from: 0, to: good.count, by: 61) {
            #expect(use(Array(good[..<length])) != nil, "cut at \(length)")
        }
        #expect(use(good + [0]) != nil)
    }

    @Test("never crashes and always fails to verify, whatever bit of a tensor flips")
    func flippedTensors() throws {
        let good = try bytes(named: "flipped tensors")
        let header = 8 + good[..<8].enumerated().reduce(0) { $0 + Int($1.element) << (8 * $1.offset) }
        for position in stride(from: header, to: good.count, by: 31) {
            var bad = good
            bad[position] ^= 1 << UInt8(position % 8)
            #expect(use(bad) != nil, "byte \(position)")
        }
    }

    @Test("never crashes, whatever byte of the header changes")
    func flippedHeader() throws {
        let good = try bytes(named: "flipped header")
        let header = 8 + good[..<8].enumerated().reduce(0) { $0 + Int($1.element) << (8 * $1.offset) }
        for position in stride(from: 0, to: header, by: 3) {
            var bad = good
            bad[position] ^= 1 << UInt8(position % 7)
            _ = use(bad)
        }
    }

    @Test("says that a file of another kind or version is one")
    func foreign() throws {
        let good = try bytes(named: "foreign")
        func replacing(_ old: String, _ new: String) -> [UInt8] {
            let (old, new) = (Array(old.utf8), Array(new.utf8))
            var bytes = good
            guard let at = (0..<bytes.count - old.count).first(where: { Array(bytes[$0..<$0 + old.count]) == old })
            else { return [] }
            bytes.replaceSubrange(at..<at + old.count, with: new)
            return bytes
        }
        #expect(use(replacing("hfloc-map", "hfloc-mop"))?.kind == .foreign)
        #expect(use(replacing("\"format_version\":\"2\"", "\"format_version\":\"9\""))?.kind == .version)
        #expect(use(Array("not a map at all, just text".utf8))?.kind == .damaged)
        let missing = #expect(throws: MapError.self) { try ReferenceMap(opening: "\(scratch.path)/none") }
        #expect(missing?.kind == .missing)
        #expect(throws: MapError.self) { try ReferenceMap(opening: scratch.path) }
    }
}
