import CAllocationCounter
import Geometry
import Messages
import Publishing
import SwiftProtobuf
import Testing
import TestSupport

private func randomTransform(_ random: inout SeededGenerator, metres: Double = 50) -> RigidTransform {
    func number(_ size: Double) -> Double { Double.random(in: -size...size, using: &random) }
    return RigidTransform(
        rotation: Rotation(exp: Vector3(number(1.7), number(1.7), number(1.7))),
        translation: Vector3(number(metres), number(metres), number(metres)))
}

/// `position + d[0..2], Exp(d[3..5]) * R`: what the wire's covariance means.
private func disturbed(_ pose: RigidTransform, _ d: [Double]) -> RigidTransform {
    RigidTransform(
        rotation: Rotation(exp: Vector3(d[3], d[4], d[5])) * pose.rotation,
        translation: pose.translation + Vector3(d[0], d[1], d[2]))
}

/// The inverse of `disturbed`.
private func difference(_ a: RigidTransform, _ b: RigidTransform) -> [Double] {
    let (t, r) = (a.translation - b.translation, (a.rotation * b.rotation.inverse).log)
    return [t.x, t.y, t.z, r.x, r.y, r.z]
}

@Suite("The camera on the vehicle")
struct VehicleFrameTests {
    @Test("The vehicle's pose is the camera's, seen from the vehicle's origin")
    func pose() {
        // A camera 1.2 m ahead and 1.5 m above base_link, looking ahead: its z is the vehicle's x, its x the vehicle's
        // -y.
        let ahead = RigidTransform(
            rotation: Rotation(w: 0.5, x: -0.5, y: 0.5, z: -0.5), translation: Vector3(1.2, 0, 1.5))
        let frame = VehicleFrame(baseFromCamera: ahead)
        let lookingAhead = ahead.rotation * Vector3(0, 0, 1)
        #expect((lookingAhead - Vector3(1, 0, 0)).length < 1e-12)
        let mapFromBase = RigidTransform(
            rotation: Rotation(exp: Vector3(0, 0, .pi / 2)), translation: Vector3(10, 20, 0))
        let mapFromCamera = frame.mapFromCamera(mapFromBase: mapFromBase)
        #expect((mapFromCamera.translation - Vector3(10, 21.2, 1.5)).length < 1e-12)
        let back = frame.mapFromBase(mapFromCamera: mapFromCamera)
        #expect(difference(back, mapFromBase).allSatisfy { abs($0) < 1e-12 })
    }

    @Test("The covariance is J C Jᵀ with J by finite differences of the pose itself")
    func covariance() {
        var random = SeededGenerator("vehicle/covariance")
        for _ in 0..<200 {
            let frame = VehicleFrame(baseFromCamera: randomTransform(&random, metres: 3))
            let mapFromCamera = randomTransform(&random)
            let step = 1e-5
            var jacobian = [[Double]](repeating: [Double](repeating: 0, count: 6), count: 6)
            for column in 0..<6 {
                var d = [Double](repeating: 0, count: 6)
                d[column] = step
                let plus = frame.mapFromBase(mapFromCamera: disturbed(mapFromCamera, d))
                d[column] = -step
                let minus = frame.mapFromBase(mapFromCamera: disturbed(mapFromCamera, d))
                for (row, value) in difference(plus, minus).enumerated() { jacobian[row][column] = value / (2 * step) }
            }
            let camera = randomCovariance(&random)
            let base = frame.baseCovariance(camera, mapFromCamera: mapFromCamera)
            for row in 0..<6 {
                for column in 0..<6 {
                    var expected = 0.0
                    for i in 0..<6 {
                        for j in 0..<6 { expected += jacobian[row][i] * camera[i, j] * jacobian[column][j] }
                    }
                    #expect(abs(base[row, column] - expected) < 1e-6)
                }
            }
        }
    }

    @Test("map_from_odom undoes the odometry, however far that has drifted")
    func odometry() {
        var random = SeededGenerator("vehicle/odometry")
        for _ in 0..<100 {
            let (mapFromBase, odomFromBase) = (randomTransform(&random), randomTransform(&random, metres: 1e4))
            let mapFromOdom = VehicleFrame.mapFromOdom(mapFromBase: mapFromBase, odomFromBase: odomFromBase)
            #expect(difference(mapFromOdom * odomFromBase, mapFromBase).allSatisfy { abs($0) < 1e-8 })
        }
    }

    /// `A Aᵀ` of a random matrix.
    private func randomCovariance(_ random: inout SeededGenerator) -> SymmetricMatrix6 {
        let a = (0..<6).map { _ in (0..<6).map { _ in Double.random(in: -0.3...0.3, using: &random) } }
        func element(_ row: Int, _ column: Int) -> Double { (0..<6).reduce(0) { $0 + a[row][$1] * a[column][$1] } }
        func block(_ row: Int, _ column: Int) -> Matrix3 {
            func line(_ i: Int) -> Vector3 {
                Vector3(element(row + i, column), element(row + i, column + 1), element(row + i, column + 2))
            }
            return Matrix3(rows: line(0), line(1), line(2))
        }
        return SymmetricMatrix6(translation: block(0, 0), cross: block(0, 3), rotation: block(3, 3))
    }
}

@Suite("Odometry")
struct OdometryTests {
    private static let millisecond: UInt64 = 1_000_000

    /// A vehicle on a circle of 10 m at 5 m/s.
    private func truth(_ time: UInt64) -> RigidTransform {
        let angle = 0.5 * Double(time) * 1e-9
        return RigidTransform(
            rotation: Rotation(exp: Vector3(0, 0, angle)),
            translation: Vector3(0, -10, 0) - (Rotation(exp: Vector3(0, 0, angle)) * Vector3(0, -10, 0)))
    }

    @Test("Between samples, and shortly after the last, the pose is the vehicle's")
    func interpolation() throws {
        var track = OdometryTrack()
        for step in 0...400 as ClosedRange<UInt64> {
            let time = (1000 + 20 * step) * Self.millisecond
            track.append(time: time, odomFromBase: truth(time))
        }
        let last: UInt64 = 9000
        for time in stride(from: last - 255 * 20, through: last + 99, by: 7) {
            let pose = try #require(track.odomFromBase(at: time * Self.millisecond), "\(time)")
            let off = difference(pose, truth(time * Self.millisecond))
            #expect(off.allSatisfy { abs($0) < 1e-9 }, "\(time) \(off)")
        }
    }

    @Test("What is not known is not guessed: before, long after, in a gap, with one sample")
    func unknown() {
        var track = OdometryTrack()
        #expect(track.odomFromBase(at: 5) == nil)
        let s = 1000 * Self.millisecond
        track.append(time: s, odomFromBase: truth(s))
        #expect(track.odomFromBase(at: s) != nil && track.odomFromBase(at: s + 1) == nil)
        #expect(track.odomFromBase(at: s - 1) == nil)
        track.append(time: 2 * s, odomFromBase: truth(2 * s))
        #expect(track.odomFromBase(at: s + s / 2) == nil && track.odomFromBase(at: 2 * s + 1) == nil)
        track.append(time: 2 * s + 10, odomFromBase: truth(2 * s + 10))
        #expect(track.odomFromBase(at: 2 * s + 101 * Self.millisecond) == nil)
        // Out of order, or twice: the first stands.
        track.append(time: s + 5, odomFromBase: .identity)
        track.append(time: 2 * s, odomFromBase: .identity)
        #expect(track.odomFromBase(at: 2 * s) == truth(2 * s))
    }

    private static func message(_ time: UInt64, _ q: (Double, Double, Double, Double)) throws -> [UInt8] {
        try Hfloc_V1_Odometry.with {
            $0.monotonicNs = time
            $0.position = .with { ($0.x, $0.y, $0.z) = (1, 2, 3) }
            $0.orientation = .with { ($0.w, $0.x, $0.y, $0.z) = q }
        }.serializedBytes()
    }

    @Test("Messages arrive, wrong ones are counted, and nothing is allocated")
    func receiver() throws {
        let address = testAddress("odometry")
        let receiver = try OdometryReceiver(try ZeroMQContext(), endpoints: [try Endpoint(address)])
        let sender = try Feed(address)
        let half = 0.5.squareRoot()
        let good = try Self.message(5 * Self.millisecond, (half, 0, 0, -half))
        #expect(
            eventually {
                sender.send(good)
                receiver.update(at: 6 * Self.millisecond)
                return receiver.track.odomFromBase(at: 5 * Self.millisecond) != nil
            })
        let pose = try #require(receiver.track.odomFromBase(at: 5 * Self.millisecond))
        let ahead = pose * Vector3(1, 0, 0)
        #expect((ahead - Vector3(1, 1, 3)).length < 1e-12)
        let wrong: [[UInt8]] = [
            [], [0xff], try Self.message(0, (1, 0, 0, 0)), try Self.message(9, (0, 0, 0, 0)),
            try Self.message(9, (.nan, 0, 0, 1)), try Self.message(9, (1, 1, 0, 0)), Array(good.dropLast()),
        ]
        for bytes in wrong { sender.send(bytes) }
        #expect(
            eventually {
                receiver.update(at: 7 * Self.millisecond)
                return receiver.rejections.count == UInt64(wrong.count)
            })
        #expect(receiver.track.odomFromBase(at: 9) == nil)
        guard hf_allocations_counted() != 0 else { return }
        for step in 0..<100 as Range<UInt64> {
            sender.send(try Self.message((10 + step) * Self.millisecond, (1, 0, 0, 0)))
        }
        hf_allocations_begin()
        for _ in 0..<50 { receiver.update(at: Self.second) }
        #expect(hf_allocations_end() == 0)
    }

    private static let second: UInt64 = 1_000_000_000

    /// Of a machine that has been up for an hour, in 2026.
    private static let (now, wall) = (3600 * second, 1_780_000_000 * second)

    private static let good = try? message(now, (1, 0, 0, 0))

    /// Stamps that are refused, and what is said of them.
    private static let wrongStamps: [(text: String, stamp: UInt64)] = [
        ("CLOCK_REALTIME", wall), ("CLOCK_MONOTONIC", .max), ("CLOCK_MONOTONIC", now + second + 1),
        ("ahead of", now + 3 * second), ("behind", now - 11 * second), ("nanoseconds", now / 1000), ("monotonic_ns", 0),
    ]

    @Test(
        "A message that cannot be used is named with its likely cause, and the next good one is taken",
        arguments: wrongStamps)
    func stamps(text: String, stamp: UInt64) throws {
        let address = testAddress("odometry")
        let receiver = try OdometryReceiver(try ZeroMQContext(), endpoints: [try Endpoint(address)])
        let sender = try Feed(address)
        let wrong = try Self.message(stamp, (1, 0, 0, 0))
        #expect(
            eventually {
                sender.send(wrong)
                receiver.update(at: Self.now)
                return receiver.rejections.count > 0
            })
        let problem = try #require(receiver.rejections.problem(at: Self.now, wall: Self.wall))
        #expect(problem.hasPrefix("odometry: ") && problem.contains(text), "\(problem)")
        sender.send(try #require(Self.good))
        #expect(
            eventually {
                receiver.update(at: Self.now)
                return receiver.track.odomFromBase(at: Self.now) != nil
            })
        #expect(receiver.rejections.problem(at: Self.now + 11 * Self.second, wall: Self.wall) == nil)
    }

    @Test("Positions whose numbers stand for no place are refused, whatever they are")
    func positions() throws {
        let address = testAddress("position")
        let receiver = try SensorReceiver(.position, try ZeroMQContext(), endpoints: [try Endpoint(address)])
        let sender = try Feed(address)
        var good = Hfloc_V1_Position()
        (good.monotonicNs, good.latitudeDeg) = (Self.now, 48)
        var wrong: [Hfloc_V1_Position] = []
        for number in [Double.nan, .infinity, 1e300] {
            for field in [\Hfloc_V1_Position.latitudeDeg, \.longitudeDeg, \.heightM, \.baseFromAntenna.x] {
                var message = good
                message[keyPath: field] = number
                wrong.append(message)
            }
            var message = good
            message.covariance = [Double](repeating: number, count: 9)
            // A variance may be as large as it likes.
            if number != 1e300 { wrong.append(message) }
        }
        for message in wrong {
            var (taken, isRefused) = (0, false)
            #expect(
                eventually {
                    sender.send((try? message.serializedBytes()) ?? [])
                    receiver.receive(at: Self.now) { _, _ in taken += 1 }
                    isRefused = receiver.problem(at: Self.now) != nil
                    return isRefused || taken > 0
                })
            #expect(isRefused && taken == 0, "\(message)")
        }
    }

    @Test("Numbers that stand for no pose are refused, whatever they are")
    func numbers() throws {
        let address = testAddress("odometry")
        let receiver = try OdometryReceiver(try ZeroMQContext(), endpoints: [try Endpoint(address)])
        let sender = try Feed(address)
        let bad: [Double] = [.nan, .infinity, -.infinity, 1e300, -1e8, 2e7]
        var wrong: [[UInt8]] = []
        for number in bad {
            for axis in [\Hfloc_V1_Vector3.x, \.y, \.z] {
                var message = Hfloc_V1_Odometry()
                (message.monotonicNs, message.orientation.w) = (Self.now, 1)
                message.position[keyPath: axis] = number
                wrong.append(try message.serializedBytes())
            }
        }
        wrong += try bad.map { try Self.message(Self.now, ($0, 0, 0, 1)) }
        wrong += try [0.5, 1.02, 0].map { try Self.message(Self.now, ($0, 0, 0, 0)) }
        #expect(
            eventually {
                // Until there is a connection, nothing arrives.
                sender.send(wrong[0])
                receiver.update(at: Self.now)
                return receiver.rejections.count > 0
            })
        let before = receiver.rejections.count
        for bytes in wrong { sender.send(bytes) }
        #expect(
            eventually {
                receiver.update(at: Self.now)
                return receiver.rejections.count >= before + UInt64(wrong.count)
            })
        #expect(receiver.rejections.lastCause == .noPose && receiver.track.odomFromBase(at: Self.now) == nil)
    }
}
