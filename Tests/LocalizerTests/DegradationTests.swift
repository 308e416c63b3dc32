import Geometry
import Integrity
import LocalizationOptions
import Localizer
import TestSupport
import Testing

@Suite("Degraded")
struct DegradationTests {
    /// 100 inliers, standard deviations of `position` metres and `rotation` radians along each axis.
    private func applies(
        inliers: Int = 100, position: Double = 0.01, rotation: Double = 0.001, multiple: Double = 3,
        _ options: DegradationOptions = .init()
    ) -> Bool {
        var covariance = SymmetricMatrix6.zero
        covariance.translation = Matrix3.identity * (position * position)
        covariance.rotation = Matrix3.identity * (rotation * rotation)
        let level = ProtectionLevel(covariance: covariance, multiple: multiple)
        return options.applies(to: covariance, level: level, inliers: inliers)
    }

    @Test("strong evidence is not degraded")
    func strong() {
        #expect(!applies())
        #expect(!applies(inliers: 30))
    }

    @Test("few inliers, a wide position, a wide rotation: each alone degrades")
    func weak() {
        #expect(applies(inliers: 29))
        // Three axes of 0.144 m are 0.249 m together, of 0.145 m 0.251 m.
        #expect(!applies(position: 0.144))
        #expect(applies(position: 0.145))
        #expect(!applies(rotation: 0.0100))
        #expect(applies(rotation: 0.0102))
    }

    @Test("a protection level beyond half a metre or five degrees degrades, however small the deviation")
    func alert() {
        #expect(!applies(position: 0.1, multiple: 4.9))
        #expect(applies(position: 0.1, multiple: 5.1))
        #expect(!applies(rotation: 0.008, multiple: 10.8))
        #expect(applies(rotation: 0.008, multiple: 11))
    }

    @Test("a covariance that is no number is no evidence")
    func notANumber() {
        #expect(applies(position: .nan))
        #expect(applies(rotation: .infinity))
    }

    @Test("a frame whose pose is degraded keeps its pose, and says so", .slow)
    func frame() throws {
        let drive = try SampleDrive.shared.get()
        var options = LocalizerOptions()
        options.degradation.minimumInliers = 5000
        let localizer = try Localizer(model: drive.model, map: drive.map, camera: drive.camera, options: options)
        for index in 0..<2 {
            let result = localizer.localize(drive.frames[index], captureTime: drive.stamp(index))
            #expect(result.state == .degraded)
            #expect(result.failedGate == .covariance)
            #expect(drive.isRight(result, index))
        }
    }
}
