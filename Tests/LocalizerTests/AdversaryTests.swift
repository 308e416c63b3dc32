import Features
import Geometry
import LocalizationOptions
import Localizer
import MapFixtures
import ReferenceMap
import TestSupport
import Testing

/// What has been published although it was wrong: each of them is stopped by a gate that nothing else does the work of.
@Suite("Adversaries", .serialized)
struct AdversaryTests {
    private let drive: SampleDrive

    init() throws { drive = try SampleDrive.shared.get() }

    private func alone() -> LocalizerOptions {
        var options = LocalizerOptions()
        options.agreement = 1
        return options
    }

    @Test("a place that the map has twice is at neither, and names both; a stated pose decides", .slow)
    func twice() throws {
        let map = try TwiceMap.make(of: drive.map)
        let localizer = try Localizer(model: drive.model, map: map, camera: drive.camera, options: alone())
        let count = drive.map.keyframeCount
        for index in 0..<4 {
            localizer.forget()
            let result = localizer.localize(drive.frames[index], captureTime: drive.stamp(index))
            #expect(result.state == .lost && result.failedGate == .ambiguity, "frame \(index)")
            #expect(result.rivalShare > 0.5, "frame \(index)")
            let (one, other) = (try #require(result.keyframe), try #require(result.rivalKeyframe))
            #expect((one < count) != (other < count), "one of each copy: \(one), \(other)")
        }
        for copy in 0..<2 {
            let shift = Double(copy) * TwiceMap.offset
            let here = drive.truth[4]
            let stated = RigidTransform(rotation: here.rotation, translation: here.translation - here.rotation * shift)
            localizer.begin(at: LastPose(near: stated, in: map), hint: .stated)
            let result = localizer.localize(drive.frames[4 + copy], captureTime: drive.stamp(4 + copy))
            let pose = try #require(result.cameraFromMap, "copy \(copy)")
            let truth = drive.truth[4 + copy].originInSource + shift
            #expect((pose.originInSource - truth).length < 0.1, "copy \(copy)")
        }
    }

    @Test("of a place that the map has twice a camera that was lost is where odometry has carried it", .slow)
    func twiceWithBelief() throws {
        let map = try TwiceMap.make(of: drive.map)
        let localizer = try Localizer(model: drive.model, map: map, camera: drive.camera, options: alone())
        for copy in 0..<2 {
            let truth = drive.truth[4].originInSource + Double(copy) * TwiceMap.offset
            // A metre and a half off, sideways.
            for (off, isBorneOut) in [(1.5, true), (12.0, false)] {
                localizer.forget()
                let centre = truth + Vector3(off, 0, 0)
                let rotation = drive.truth[4].rotation
                let belief = PoseBelief(
                    cameraFromMap: RigidTransform(rotation: rotation, translation: rotation * centre * -1),
                    deviation: 0.5)
                let result = localizer.localize(drive.frames[4], captureTime: drive.stamp(4), belief: belief)
                guard isBorneOut else {
                    #expect(result.failedGate == .ambiguity, "copy \(copy): nothing is near the belief")
                    continue
                }
                let pose = try #require(result.cameraFromMap, "copy \(copy)")
                #expect((pose.originInSource - truth).length < 0.1, "copy \(copy)")
            }
        }
    }

    @Test("a frozen camera gives no pose, from the second picture on; when it wakes, three frames must agree again")
    func frozen() throws {
        let localizer = try drive.localizer()
        for index in 0..<4 { _ = localizer.localize(drive.frames[index], captureTime: drive.stamp(index)) }
        for step in 4..<12 {
            let result = localizer.localize(drive.frames[3], captureTime: drive.stamp(step))
            #expect(result.state == .lost && result.failedGate == .input && result.defect == .repeated)
        }
        for step in 0..<4 {
            let result = localizer.localize(drive.frames[5 + step], captureTime: drive.stamp(12 + step))
            #expect(drive.isRight(result, 5 + step))
            #expect(result.state == (step < 2 ? .degraded : .localized))
        }
    }

    @Test("one poor frame among good ones gives no wrong pose, then or afterwards", arguments: [9, 15, 25])
    func poorFrame(blur radius: Int) throws {
        for bad in [4, 6] {
            let localizer = try drive.localizer()
            for index in drive.frames.indices {
                let frame = index == bad ? drive.frames[index].blurred(radius) : drive.frames[index]
                let result = localizer.localize(frame, captureTime: drive.stamp(index))
                if result.cameraFromMap != nil { #expect(drive.isRight(result, index), "frame \(index)") }
                if index > bad { #expect(result.cameraFromMap != nil, "frame \(index)") }
            }
        }
    }

    @Test("after a restart or a reload elsewhere than the camera was, every pose is within 5 cm", .slow)
    func restart() throws {
        let first = try drive.localizer()
        for index in 0..<2 { _ = first.localize(drive.frames[index], captureTime: drive.stamp(index)) }
        let place = try #require(first.lastPose)
        for hint in [PoseHint.remembered, .stated] {
            let localizer = try drive.localizer()
            for index in drive.frames.indices.dropFirst(2) {
                localizer.begin(at: place, hint: hint)
                let result = localizer.localize(drive.frames[index], captureTime: drive.stamp(index))
                let pose = try #require(result.cameraFromMap, "frame \(index)")
                let error = (pose.originInSource - drive.truth[index].originInSource).length
                #expect(error < 0.05, "frame \(index), \(hint)")
            }
        }
    }

    @Test("a torn frame has no pose, single or among good ones: what is recognized ends at its seam")
    func torn() throws {
        let single = try drive.localizer(alone())
        single.isDrive = false
        for index in 0..<4 {
            let frame = drive.frames[index].torn(at: 190, drive.frames[index + 5])
            let result = single.localize(frame, captureTime: drive.stamp(index))
            #expect(result.state == .lost || drive.isRight(result, index), "frame \(index)")
        }
        let localizer = try drive.localizer()
        for index in 0..<8 {
            let frame = index == 5 ? drive.frames[5].torn(at: 190, drive.frames[0]) : drive.frames[index]
            let result = localizer.localize(frame, captureTime: drive.stamp(index))
            #expect(drive.isRight(result, index) || (index == 5 && result.state == .lost), "frame \(index)")
        }
    }

    @Test("another lens is not called a torn picture", arguments: [0.9, 0.95, 1.05, 1.1])
    func anotherLens(focalRatio: Double) throws {
        let camera = drive.camera.corrected(focalRatio: focalRatio, principalPointShift: .zero)
        let localizer = try Localizer(model: drive.model, map: drive.map, camera: camera, options: alone())
        localizer.isDrive = false
        for index in drive.frames.indices {
            localizer.forget()
            let result = localizer.localize(drive.frames[index], captureTime: drive.stamp(index))
            #expect(result.defect == nil && result.state == .lost, "frame \(index): \(result.failedGate)")
        }
    }

    @Test("an earlier picture among new ones has no pose, and the motion goes on")
    func stale() throws {
        let localizer = try drive.localizer()
        for index in 0..<8 {
            let frame = drive.frames[index == 5 ? 1 : index]
            let result = localizer.localize(frame, captureTime: drive.stamp(index))
            #expect(result.defect == (index == 5 ? .stale : nil), "frame \(index)")
            #expect(index == 5 ? result.state == .lost : drive.isRight(result, index), "frame \(index)")
            #expect(index < 2 || index == 5 || result.state == .localized, "frame \(index)")
        }
    }

    @Test("a pose that jumps has to be borne out by the next")
    func jump() throws {
        let localizer = try drive.localizer()
        for index in 0..<4 { _ = localizer.localize(drive.frames[index], captureTime: drive.stamp(index)) }
        // The camera is elsewhere a frame later: a tenth of a second on.
        let last = drive.frames.count - 1
        for step in 0..<3 {
            let index = last - 2 + step
            let time = drive.stamp(3) + UInt64(step + 1) * 1_000_000
            let result = localizer.localize(drive.frames[index], captureTime: time)
            if step == 0 { #expect(result.state == .lost && result.failedGate == .prediction) }
            if step > 0 { #expect(result.state != .localized || drive.isRight(result, index)) }
        }
    }

    @Test("a buffer that begins in the middle is not localized", arguments: [64, 160, 320])
    func rolled(columns: Int) throws {
        let localizer = try drive.localizer(alone())
        localizer.isDrive = false
        for index in 0..<4 {
            localizer.forget()
            let frame = drive.frames[index].rolled(columns)
            let result = localizer.localize(frame, captureTime: drive.stamp(index))
            #expect(result.state != .localized, "frame \(index)")
        }
    }
}

extension GreyImage {
    /// The mean of the square of pixels around each.
    func blurred(_ radius: Int) -> GreyImage {
        var image = self
        for _ in 0..<2 {
            let source = image
            for y in 0..<height {
                for x in 0..<width {
                    // Rows in the first pass, columns in the second.
                    let range = -radius...radius
                    let sum = range.reduce(0) { $0 + Int(source[min(max(x + $1, 0), width - 1), y]) }
                    image[x, y] = UInt8(sum / range.count)
                }
            }
            image = image.transposed
        }
        return image
    }

    private var transposed: GreyImage {
        var image = GreyImage(width: height, height: width)
        for y in 0..<height { for x in 0..<width { image[y, x] = self[x, y] } }
        return image
    }

    /// Its rows above one, those of another picture below.
    func torn(at row: Int, _ other: GreyImage) -> GreyImage {
        var image = self
        for index in row * width..<width * height { image.pixels[index] = other.pixels[index] }
        return image
    }

    /// Moved sideways; what leaves on the right comes in on the left.
    func rolled(_ columns: Int) -> GreyImage {
        var image = self
        for y in 0..<height { for x in 0..<width { image[(x + columns) % width, y] = self[x, y] } }
        return image
    }
}
