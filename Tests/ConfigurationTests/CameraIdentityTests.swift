import Configuration
import Container
import Geometry
import TestSupport
import Testing

@Suite("calibration_id")
struct CameraIdentityTests {
    private static let file = """
        model: OPENCV
        width: 640
        height: 480
        parameters: [500.5, 501, 319.5, 239.5, -0.1, 0.01, 0, 1e-4]

        """

    /// The identity under this camera file and these lines in the configuration's section of the camera.
    private static func identity(_ file: String = file, _ lines: String...) throws -> String {
        let calibration = TemporaryFile(file)
        let section = (["device: /dev/video0", "calibration: \(calibration.path)"] + lines).joined(separator: "\n  ")
        let configuration = TemporaryFile("map: /m\npublish: ipc:///p\ncamera:\n  \(section)\n")
        let read = try ConfigurationDraft(reading: configuration.path).complete()
        let file = try CameraFile(reading: read.calibration)
        return try read.camera(of: file.camera, part: file.record.part).identity.description
    }

    @Test("It is the hash that Python's hashlib and struct give")
    func oracle() throws {
        #expect(try Self.identity() == "510d473ba5c09f490eae977fa6b58ba688226e59f7bb2564d3fb01a1c9730b94")
        let part = try Self.identity(Self.file, "crop: [60, 40, 544, 400]")
        #expect(part == "d11a2d877c6013f8a980f84938019d44293525f12598ecb0da4dabb3ce30a6fb")
    }

    @Test("Whatever changes the intrinsics in use changes it")
    func differs() throws {
        let file = Self.file
        let all = [
            try Self.identity(),
            try Self.identity(file, "crop: [0, 0, 640, 400]"), try Self.identity(file, "crop: [0, 80, 640, 400]"),
            try Self.identity(file, "crop: [2, 80, 638, 400]"), try Self.identity(file, "reduction: 2"),
            try Self.identity(file, "reduction: 4"), try Self.identity(file, "size: [1280, 960]"),
            try Self.identity(file, "crop: [0, 80, 640, 400]", "reduction: 2"),
            try Self.identity(file.replacing("501,", with: "501.0000000000001,")),
            try Self.identity(file.replacing("1e-4", with: "-1e-4")),
            try Self.identity(file.replacing("width: 640", with: "width: 641")),
            try Self.identity(file.replacing("OPENCV", with: "OPENCV_FISHEYE")),
        ]
        #expect(Set(all).count == all.count)
    }

    @Test("Whatever leaves them leaves it: remarks, other spellings, a part that is the whole, twice the size halved")
    func equal() throws {
        let same = try Self.identity()
        #expect(try Self.identity("# of May\n" + Self.file) == same)
        #expect(try Self.identity(Self.file.replacing("500.5, 501", with: "5005e-1, 501.0")) == same)
        #expect(try Self.identity(Self.file, "crop: [0, 0, 640, 480]") == same)
        #expect(try Self.identity(Self.file, "size: [1280, 960]", "reduction: 2") == same)
        #expect(try Self.identity(Self.file, "controls: {focus_absolute: 0}") == same)
    }
}
