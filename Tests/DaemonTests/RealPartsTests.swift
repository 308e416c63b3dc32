import Capture
import Configuration
import Daemon
import Errors
import Features
import Glibc
import LocalizationOptions
import Localizer
import Parallelism
import Publishing
import Supervision
import TestSupport
import Testing

extension DaemonTests {
    /// What the bench replaces, as the program has it.
    @Suite("The real parts")
    struct RealPartsTests {
        let files = Scratch()
        let openers = Openers.real(environment: [:])

        init() throws {
            try SmallMap.write(to: "\(files.path)/map.hfmap")
            files.write("camera.yaml", SmallMap.cameraFile)
        }

        private func configuration(_ camera: String, _ more: String = "") throws -> DaemonConfiguration {
            let path = files.write(
                "hflocd.yaml",
                "map: map.hfmap\nmodel: \(SmallMap.modelPath)\npublish: ipc://\(files.path)/pose\n"
                    + "camera: {\(camera), calibration: camera.yaml}\n\(more)")
            return try .complete(file: path, environment: [:])
        }

        private func cameraFile() throws -> CameraFile { try CameraFile(reading: "\(files.path)/camera.yaml") }

        @Test(
            "the pipeline: the committed model and a small map make a localizer, with the options that are configured")
        func pipeline() throws {
            let gates =
                "{minimum_inliers: 30, minimum_tracked_inliers: 25, maximum_rival_share: 0.2, "
                + "minimum_spread: 0.3, minimum_recognition: 0.1, minimum_purity: 0.6}"
            let degraded = "{inliers: 40, position_deviation_m: 0.5, rotation_deviation_deg: 90}"
            let configuration = try configuration(
                "folder: images",
                "real_time: {lock_memory: true}\nlocalizer: {keypoints: 77, priors: 2, cached_keyframes: 2, "
                    + "failures_until_lost: 9, threads: 3, gates: \(gates), degraded: \(degraded)}\n")
            var options: LocalizerOptions?
            var made: (any FrameLocalizer)?
            var threads = 0
            var runner = NetworkRunner.none
            let pipeline = try Pipeline(
                configuration, session: Session(), openModel: SmallMap.openModel, processors: 4,
                makeLocalizer: {
                    options = $1
                    (threads, runner) = ($2.team.threads, $2.runner)
                    made = try Pipeline.localizer(of: $0, options: $1, threads: $2)
                    return try #require(made)
                })
            #expect(threads == 3)
            #expect(runner == .thread(priority: 0, processors: []))
            let applied = try #require(options)
            #expect(applied.longSide == 96 && applied.maximumKeypoints == 77 && applied.priors == 2)
            #expect(applied.cachedKeyframes == 2 && applied.failuresUntilLost == 9)
            #expect(applied.gates.minimumInliers == 30 && applied.gates.minimumTrackedInliers == 25)
            #expect(applied.gates.maximumRivalShare == 0.2 && applied.gates.minimumSpread == 0.3)
            #expect(applied.gates.minimumRecognition == 0.1 && applied.gates.minimumPurity == 0.6)
            #expect(applied.degradation.minimumInliers == 40)
            #expect(applied.degradation.maximumPositionDeviation == 0.5)
            #expect(applied.degradation.maximumRotationDeviation == .pi / 2)
            let result = made?.localize(
                GreyImage(width: 96, height: 64, filledWith: 90), captureTime: 1, motion: nil, belief: nil,
                told: nil)
            #expect(result?.state == .lost && result?.failedGate != Gate.none)
            withExtendedLifetime(pipeline) {}
        }

        @Test("a camera of which the network can make nothing is the model's refusal")
        func smallCamera() throws {
            files.write("camera.yaml", "model: PINHOLE\nwidth: 4\nheight: 4\nparameters: [4, 4, 1.5, 1.5]\n")
            let error = #expect(throws: StartupError.self) {
                try openers.pipeline(try configuration("folder: images"), Session())
            }
            #expect(error?.state == .badModel && error?.failure.status == .badData)
        }

        @Test("the sockets: bound, and refused where another has them")
        func sockets() throws {
            let configuration = try configuration("folder: images")
            let sockets = try openers.sockets(configuration, Session())
            let error = #expect(throws: PublishingError.self) { try openers.sockets(configuration, Session()) }
            #expect(error == .inUse("ipc://\(files.path)/pose"))
            withExtendedLifetime(sockets) {}
        }

        @Test("a folder: its images, if the first has the size that was calibrated")
        func folder() throws {
            _ = files.folder("images")
            let image = Array("P5 96 64 255\n".utf8) + [UInt8](repeating: 9, count: 96 * 64)
            files.write("images/0.pgm", image)
            let configuration = try configuration("folder: images")
            let source = try openers.source(configuration, try cameraFile())
            #expect(source.summary == "\(files.path)/images, 1 images")
            #expect(source.remarks.isEmpty && source.remarksVersion == 0)
            #expect(source.delivery.format == nil && source.delivery.period == nil)

            files.write("images/0.pgm", Array("P5 2 1 255\n".utf8) + [0, 0])
            let error = #expect(throws: StartupError.self) { try openers.source(configuration, try cameraFile()) }
            #expect(error?.state == .badCalibration && error?.failure.status == .badData)
            let size =
                "\(files.path)/camera.yaml: width, height: 96x64, but \(files.path)/images/0.pgm has 2x1 pixels; "
            #expect(error?.failure.description == size + "give the camera file of these images")
            files.write("images/0.pgm", "no image")
            #expect(throws: ImageError.self) { try openers.source(configuration, try cameraFile()) }
            #expect(throws: CaptureError.self) {
                try openers.source(try self.configuration("folder: none"), try cameraFile())
            }
        }

        @Test("a device: one that is not there is waited for, a file is none")
        func device() throws {
            let source = try openers.source(try configuration("device: /dev/no-such-camera"), try cameraFile())
            #expect(source.summary.hasPrefix("/dev/no-such-camera, waiting for it: /dev/no-such-camera: cannot open"))
            let error = #expect(throws: CaptureError.self) {
                try openers.source(try configuration("device: /dev/null"), try cameraFile())
            }
            #expect(error?.mayPass == false)
        }

        @Test("this process: its clocks go on, and it can start a thread")
        func host() throws {
            let host = Host.ofThisProcess()
            let start = host.clock.monotonic
            host.clock.sleep(until: start)
            #expect(host.clock.monotonic >= start && host.clock.wall.offset > 0)
            #expect(host.clock.synchronization.maximumError < .max && host.usage().residentBytes > 0)
            #expect(host.environment["PATH"] != nil)
            let thread = try host.startThread("test", nil, []) {}
            while !thread.isFinished { sched_yield() }
            #expect(thread.scheduling?.priority == 0)
        }
    }
}
