import Features
import Geometry
import Glibc
import LocalizationOptions
import Localizer
import MapFixtures
import ReferenceMap
import TestSupport
import Testing

/// For each gate a picture that it alone stops: with the gate's threshold off the pose is published, and wrong.
@Suite("Adversaries of single gates", .serialized)
struct GateAdversaryTests {
    private static let shared = Result { try Worlds() }
    private let worlds: Worlds

    /// A wall that is full of things, and others with next to nothing on them.
    private struct Worlds {
        let drive: SampleDrive
        let full: GreyImage
        let wall: FlatWall

        init() throws {
            drive = try SampleDrive.shared.get()
            full = try FlatWall.sample()
            wall = try FlatWall(full, model: drive.model)
        }

        /// A wall with one poster, so many columns further to the right than in the map, if any.
        func poster(_ columns: Range<Int>, _ rows: Range<Int>, right: Int = 0) -> GreyImage {
            full.carried(right: 420 + right) { columns.contains($0 - right) && rows.contains($1) }
        }
    }

    init() throws { worlds = try Self.shared.get() }

    private func expect(
        _ wall: FlatWall, _ picture: GreyImage, at column: Int, isStoppedBy gate: Gate,
        unless change: (inout LocalizerOptions) -> Void, location: SourceLocation = #_sourceLocation
    ) throws {
        let (usual, open) = (try wall.localize(picture), try wall.localize(picture, change))
        #expect(usual.state == .lost && usual.failedGate == gate, "\(usual)", sourceLocation: location)
        let error = wall.error(of: open, at: column)
        #expect(open.state != .lost && error > 0.5, "\(open)", sourceLocation: location)
        #expect(error > open.protectionLevel.position, "\(open)", sourceLocation: location)
    }

    @Test("INLIERS: a dozen dots of a wall have been painted again elsewhere", arguments: [180, 220, 260, 300])
    func inliers(column: Int) throws {
        func dots(right: Int) -> GreyImage {
            worlds.full.carried(right: right) { x, y in
                (0..<12).contains { dot in
                    let (i, j) = (dot % 3, dot / 3)
                    let (u, v) = (x - right - 340 - 146 * i, y - 70 - 100 * j - 15 * i)
                    return u * u + v * v < 16
                }
            }
        }
        let wall = try FlatWall(dots(right: 0), model: worlds.drive.model)
        try expect(wall, dots(right: 60).cut(at: column), at: column, isStoppedBy: .inliers) {
            $0.gates.minimumInliers = 6
        }
    }

    @Test("SPREAD: the only poster of a wall hangs elsewhere", arguments: [150, 270, 390])
    func spread(column: Int) throws {
        let wall = try FlatWall(worlds.poster(565..<715, 185..<295), model: worlds.drive.model)
        let moved = worlds.poster(565..<715, 185..<295, right: 100)
        try expect(wall, moved.cut(at: column), at: column, isStoppedBy: .spread) { $0.gates.minimumSpread = 0 }
    }

    @Test("RECOGNITION: a few signs of the place hang elsewhere, the place is not there", arguments: [150, 390])
    func recognition(column: Int) throws {
        let centres = [(160, 120), (470, 130), (150, 360), (490, 350), (320, 240)]
        let signs = worlds.full.carried(right: 100) { x, y in
            centres.contains { (x - column - $0.0) * (x - column - $0.0) + (y - $0.1) * (y - $0.1) < 45 * 45 }
        }
        try expect(worlds.wall, signs.cut(at: column), at: column, isStoppedBy: .recognition) {
            $0.gates.minimumRecognition = 0
        }
    }

    /// The left of a view is another part of the wall, a metre to the left; the rest is covered.
    private func half(at column: Int, right: Int = 40) -> GreyImage {
        worlds.full.carried(right: right) { x, _ in x < column + 290 }.cut(at: column)
    }

    @Test("RECOGNITION, one side: half is covered, and what is left has moved by a metre", arguments: [150, 270])
    func unseenSide(column: Int) throws {
        let usual = try worlds.wall.localize(half(at: column))
        #expect(usual.state == .degraded && usual.failedGate == .recognition, "\(usual)")
        let error = worlds.wall.error(of: usual, at: column)
        #expect(error > 0.9 && error < usual.protectionLevel.position, "\(usual)")
        let open = try worlds.wall.localize(half(at: column)) { $0.gates.maximumUnseenSide = 1 }
        #expect(open.state == .localized, "\(open)")
        #expect(worlds.wall.error(of: open, at: column) > max(0.9, open.protectionLevel.position), "\(open)")
    }

    @Test("half of a picture is believed where the whole was seen before, and followed from there")
    func coveredLater() throws {
        for isCovered in [true, false] {
            let localizer = try worlds.wall.localizer()
            var states: [Localization.State] = []
            for step in 0..<8 {
                let column = 110 + 10 * step
                let isHalf = isCovered ? step < 5 : step >= 3
                let picture = isHalf ? half(at: column, right: 0) : worlds.wall.view(at: column)
                let result = localizer.localize(picture, captureTime: worlds.drive.stamp(step))
                #expect(worlds.wall.error(of: result, at: column) < 0.2, "\(step): \(result)")
                states.append(result.state)
            }
            let expected = isCovered ? 5 : 2
            #expect(states.prefix(expected).allSatisfy { $0 == .degraded }, "\(states)")
            #expect(states.dropFirst(expected).allSatisfy { $0 == .localized }, "\(states)")
        }
    }

    @Test("EXTRAPOLATION: the lens was zoomed, before a wall as if the camera were nearer", arguments: [150, 270, 390])
    func extrapolation(column: Int) throws {
        let picture = worlds.wall.view(at: column).magnified(1.5)
        try expect(worlds.wall, picture, at: column, isStoppedBy: .extrapolation) { $0.gates.maximumBeyond = 1 }
    }

    @Test("PURITY: through a pane that water runs down, with a few clear spots", arguments: [150, 270, 390])
    func purity(column: Int) throws {
        let seen = worlds.full.sampled { x, y in
            let spot = hypot((x + 80).remainder(dividingBy: 160), y.remainder(dividingBy: 120))
            let bend = 8 * min(max((spot - 20) / 20, 0), 1)
            let (right, down) = (sin(2 * .pi * (y / 90 + x / 170)), sin(2 * .pi * (x / 130 - y / 210)))
            return (x - 40 - bend * right, y - bend * down)
        }
        try expect(worlds.wall, seen.cut(at: column), at: column, isStoppedBy: .purity) {
            $0.gates.minimumPurity = 0
        }
    }

    @Test("COVARIANCE: a poster on a wall 200 m away, in noise", arguments: [390])
    func covariance(column: Int) throws {
        let poster = worlds.poster(520..<760, 150..<330)
        let wall = try FlatWall(poster, metresPerPixel: 0.5, model: worlds.drive.model)
        let picture = poster.cut(at: column).noisy(30)
        let usual = try wall.localize(picture)
        #expect(usual.state == .degraded && usual.failedGate == .covariance, "\(usual)")
        #expect(wall.error(of: usual, at: column) < usual.protectionLevel.position, "\(usual)")
        let open = try wall.localize(picture) {
            ($0.degradation.maximumPositionDeviation, $0.degradation.maximumRotationDeviation) = (1e6, .pi)
        }
        #expect(open.state == .localized && wall.error(of: open, at: column) > 0.5, "\(open)")
    }

    /// What the place shows of itself is 2.5 m further to the right, on five large signs.
    private func signs(at column: Int) -> GreyImage {
        let centres = [(160, 120), (470, 130), (150, 360), (490, 350), (320, 240)]
        return worlds.full.carried(right: 100) { x, y in
            centres.contains { (x - column - $0.0) * (x - column - $0.0) + (y - $0.1) * (y - $0.1) < 90 * 90 }
        }.cut(at: column)
    }

    @Test("AGREEMENT: the first picture of a session is a wrong one")
    func agreement() throws {
        for agreement in [3, 1] {
            let result = try worlds.wall.localizer { $0.agreement = agreement }
                .localize(signs(at: 150), captureTime: 1_000_000_000)
            #expect(worlds.wall.error(of: result, at: 150) > 0.5, "\(result)")
            #expect(result.state == (agreement > 1 ? .degraded : .localized), "\(result)")
            #expect(result.failedGate == (agreement > 1 ? .agreement : .none), "\(result)")
        }
    }

    @Test("PREDICTION: among right pictures one is wrong")
    func prediction() throws {
        for agreement in [3, 1] {
            let localizer = try worlds.wall.localizer { $0.agreement = agreement }
            for step in 0..<4 {
                let picture = worlds.wall.view(at: 110 + 10 * step)
                _ = localizer.localize(picture, captureTime: worlds.drive.stamp(step))
            }
            let result = localizer.localize(signs(at: 150), captureTime: worlds.drive.stamp(4))
            guard agreement == 1 else {
                #expect(result.state == .lost && result.failedGate == .prediction, "\(result)")
                continue
            }
            #expect(result.state == .localized && worlds.wall.error(of: result, at: 150) > 0.5, "\(result)")
        }
    }

    @Test("CALIBRATION: a focal length 5 % shorter than the camera has, eight protection levels off")
    func calibration() throws {
        let drive = worlds.drive
        var parameters = drive.camera.parameters
        (parameters[0], parameters[1]) = (parameters[0] * 0.95, parameters[1] * 0.95)
        let wrong = try Camera(
            model: drive.camera.model, parameters: parameters, width: drive.camera.width, height: drive.camera.height)
        for limit in [LocalizerOptions().gates.maximumCalibrationChiSquare, 1e6] {
            var options = LocalizerOptions()
            (options.agreement, options.gates.maximumCalibrationChiSquare) = (1, limit)
            let localizer = try Localizer(model: drive.model, map: drive.map, camera: wrong, options: options)
            localizer.isDrive = false
            let result = localizer.localize(drive.frames[10], captureTime: 1_000_000_000)
            guard limit == 1e6 else {
                #expect(result.state == .lost && result.failedGate == .calibration, "\(result)")
                continue
            }
            let pose = try #require(result.cameraFromMap, "\(result)")
            let error = (pose.originInSource - drive.truth[10].originInSource).length
            #expect(error > 0.25 && error > 4 * result.protectionLevel.position, "\(error), \(result)")
        }
    }

    @Test("AMBIGUITY: a place that the map has twice")
    func ambiguity() throws {
        let drive = worlds.drive
        let map = try TwiceMap.make(of: drive.map)
        for limit in [LocalizerOptions().gates.maximumRivalShare, 1] {
            var options = LocalizerOptions()
            (options.agreement, options.gates.maximumRivalShare) = (1, limit)
            let localizer = try Localizer(model: drive.model, map: map, camera: drive.camera, options: options)
            localizer.isDrive = false
            for index in 0..<4 {
                localizer.forget()
                let result = localizer.localize(drive.frames[index], captureTime: drive.stamp(index))
                #expect(result.state == (limit < 1 ? .lost : .localized), "\(index): \(result)")
                #expect(result.failedGate == (limit < 1 ? .ambiguity : .none), "\(index): \(result)")
            }
        }
    }

    @Test("a frame that has not seen the whole place does not decide between two for those after it")
    func unconfirmed() throws {
        let drive = worlds.drive
        let map = try TwiceMap.make(of: drive.map)
        // Found in the second of the two, by half a picture in which the first was no rival.
        let wrong = RigidTransform(
            rotation: drive.truth[0].rotation,
            translation: drive.truth[0].translation - drive.truth[0].rotation * TwiceMap.offset)
        for hasSeenWhole in [false, true] {
            let localizer = try Localizer(model: drive.model, map: map, camera: drive.camera)
            var state = LocalizerState()
            state.reference = LastPose(near: wrong, in: map).reference
            state.motion.observe(wrong, at: drive.stamp(0))
            state.standing = Standing(
                agreeing: 1, failures: 0, recognition: 0.3, hasSeenWhole: hasSeenWhole)
            #expect(localizer.resume(state))
            let results = (1..<4).map { localizer.localize(drive.frames[$0], captureTime: drive.stamp($0)) }
            if hasSeenWhole {
                #expect(results.allSatisfy { $0.cameraFromMap != nil }, "\(results)")
                #expect(results.last?.state == .localized)
            } else {
                #expect(results.allSatisfy { $0.state == .lost && $0.failedGate == .ambiguity }, "\(results)")
            }
        }
    }

    @Test("INPUT: a frozen picture, and an old one, while the vehicle drives on")
    func input() throws {
        let drive = worlds.drive
        for (again, defect) in [(5, PictureDefect.repeated), (1, .stale)] {
            for repetitions in [0, 1000] {
                var options = LocalizerOptions()
                (options.agreement, options.gates.maximumRepetitions) = (1, repetitions)
                let localizer = try drive.localizer(options)
                for index in 0..<6 { _ = localizer.localize(drive.frames[index], captureTime: drive.stamp(index)) }
                let result = localizer.localize(drive.frames[again], captureTime: drive.stamp(10))
                let error = result.cameraFromMap.map { ($0.originInSource - drive.truth[10].originInSource).length }
                guard repetitions > 0 else {
                    #expect(result.state == .lost && result.failedGate == .input && result.defect == defect)
                    continue
                }
                #expect(result.state == .localized && error ?? 0 > 0.5, "\(again): \(result)")
            }
        }
    }
}
