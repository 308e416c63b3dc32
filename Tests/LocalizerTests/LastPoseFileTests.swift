import Geometry
import Glibc
import Localizer
import Testing

@Suite("The remembered place")
struct LastPoseFileTests {
    private let folder: String
    private let memory: LastPoseFile
    private let place = LastPose(
        reference: 41,
        cameraFromMap: RigidTransform(
            rotation: Rotation(w: 0.9, x: -0.1, y: 0.3, z: 0.2), translation: Vector3(1.25, -1e-17, 123456.789)))

    init() {
        folder = "/tmp/hfloc-place-\(getpid())-\(UInt32.random(in: 0 ... .max))"
        unsafe mkdir(folder, 0o700)
        memory = LastPoseFile(folder: folder, mapID: "m", modelID: "n", calibrationID: "c")
    }

    private var bytes: [UInt8] {
        get {
            guard let file = unsafe fopen(memory.path, "r") else { return [] }
            defer { unsafe fclose(file) }
            var bytes = [UInt8](repeating: 0, count: 10_000)
            let count = unsafe fread(&bytes, 1, bytes.count, file)
            return Array(bytes[..<count])
        }
        nonmutating set {
            guard let file = unsafe fopen(memory.path, "w") else { return }
            unsafe fwrite(newValue, 1, newValue.count, file)
            unsafe fclose(file)
        }
    }

    @Test("what is saved is recalled, to the last bit; nothing is left beside it", arguments: [false, true])
    func roundTrip(syncs: Bool) throws {
        #expect(try memory.recall() == nil)
        try memory.save(LastPose(reference: 7, cameraFromMap: .identity), syncs: syncs)
        try memory.save(place, syncs: syncs)
        let recalled = try #require(try memory.recall())
        #expect(recalled.reference == 41)
        #expect(recalled.cameraFromMap.translation == place.cameraFromMap.translation)
        #expect((recalled.cameraFromMap.rotation * place.cameraFromMap.rotation.inverse).angle < 1e-15)
        #expect(unsafe rmdir(folder) != 0)
        unsafe unlink(memory.path)
        #expect(unsafe rmdir(folder) == 0, "a temporary file was left")
    }

    @Test("another map's, model's or calibration's is not used, and says whose it is")
    func foreign() throws {
        try memory.save(place, syncs: false)
        for (ids, word) in [(["x", "n", "c"], "map"), (["m", "x", "c"], "model"), (["m", "n", "x"], "calibration")] {
            let other = LastPoseFile(folder: folder, mapID: ids[0], modelID: ids[1], calibrationID: ids[2])
            let error = #expect(throws: LastPoseFile.Unusable.self) { try other.recall() }
            #expect(error?.description.hasPrefix("\(memory.path): is of another \(word);") == true)
        }
    }

    @Test("a pipe in its place is refused, and nobody is waited for")
    func pipe() throws {
        try #require(unsafe mkfifo(memory.path, 0o600) == 0)
        #expect(throws: LastPoseFile.Unusable.self) { try memory.recall() }
        let error = #expect(throws: (any Error).self) { try memory.save(place, syncs: true) }
        #expect("\(error.map { "\($0)" } ?? "")".contains("is a pipe or a device"))
        unsafe unlink(memory.path)
    }

    @Test("every changed byte and every cut is noticed")
    func damage() throws {
        try memory.save(place, syncs: false)
        let good = bytes
        #expect(good.count > 200)
        for index in good.indices.dropLast() {
            var bad = good
            bad[index] ^= 0x04
            bytes = bad
            #expect(throws: LastPoseFile.Unusable.self, "byte \(index)") { try memory.recall() }
        }
        for length in stride(from: 0, to: good.count - 1, by: 9) {
            bytes = Array(good[..<length])
            #expect(throws: LastPoseFile.Unusable.self, "cut to \(length)") { try memory.recall() }
        }
        bytes = [UInt8](repeating: 0x20, count: 9000)
        #expect(throws: LastPoseFile.Unusable.self) { try memory.recall() }
        bytes = good
        #expect(try memory.recall()?.reference == 41)
    }

    @Test("a folder in its place, and a folder that is not there, are errors and no crash")
    func folders() {
        unsafe mkdir(memory.path, 0o700)
        #expect(throws: LastPoseFile.Unusable.self) { try memory.recall() }
        #expect(throws: (any Error).self) { try memory.save(place, syncs: false) }
        let nowhere = LastPoseFile(folder: "/nonexistent/x", mapID: "", modelID: "", calibrationID: "")
        #expect(throws: (any Error).self) { try nowhere.save(place, syncs: false) }
    }
}
