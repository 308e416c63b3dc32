import CAllocationCounter
import Fusion
import Geometry
import Messages
import Publishing
import SwiftProtobuf
import Testing
import TestSupport

@Suite("What an odometry says of itself")
struct OdometryReadingTests {
    private static let second: UInt64 = 1_000_000_000

    private func message(_ change: (inout Hfloc_V1_Odometry) -> Void = { _ in }) throws -> [UInt8] {
        var message = Hfloc_V1_Odometry()
        (message.monotonicNs, message.orientation.w) = (5 * Self.second, 1)
        change(&message)
        return try message.serializedBytes()
    }

    /// 6x6 with these variances, and a tenth beside the diagonal's first.
    private func matrix(_ translation: Double, _ rotation: Double) -> [Double] {
        var numbers = [Double](repeating: 0, count: 36)
        for i in 0..<6 { numbers[7 * i] = i < 3 ? translation : rotation }
        (numbers[4], numbers[24]) = (0.1, 0.1)
        return numbers
    }

    private func reading(_ bytes: [UInt8]) throws -> OdometryReading {
        try OdometryReading(decoding: bytes.span, at: 5 * Self.second)
    }

    @Test("covariance, velocities and counter come through; absent ones are nil")
    func whole() throws {
        let plain = try reading(try message())
        #expect(plain.covariance == nil && plain.velocity == nil && plain.velocityCovariance == nil)
        let bytes = try message {
            ($0.covariance, $0.velocityCovariance, $0.resetCounter) = (matrix(4, 9), matrix(1, 2), 7)
            ($0.linearVelocity.x, $0.angularVelocity.z) = (3, -0.5)
        }
        let full = try reading(bytes)
        let covariance = try #require(full.covariance)
        #expect(covariance[0, 0] == 4 && covariance[5, 5] == 9 && covariance[0, 4] == 0.1 && covariance[4, 0] == 0.1)
        #expect(full.velocityCovariance?[3, 3] == 2 && full.resets == 7)
        #expect(full.velocity == Twist(translation: Vector3(3, 0, 0), rotation: Vector3(0, 0, -0.5)))
        guard hf_allocations_counted() != 0 else { return }
        hf_allocations_begin()
        for _ in 0..<10 { _ = try? OdometryReading(decoding: bytes.span, at: 5 * Self.second) }
        #expect(hf_allocations_end() == 0)
    }

    @Test("a list that is no 6x6 matrix of finite numbers is refused, and named")
    func refused() throws {
        for numbers in [[1.0], [Double](repeating: 1, count: 35), [Double](repeating: .nan, count: 36)] {
            for change in [\Hfloc_V1_Odometry.covariance, \.velocityCovariance] {
                let bytes = try message { $0[keyPath: change] = numbers }
                #expect(throws: OdometryRejections.Failure.self) { try reading(bytes) }
            }
        }
        let fast = try message { $0.linearVelocity.x = .infinity }
        #expect(throws: OdometryRejections.Failure.self) { try reading(fast) }
    }

    @Test("the way adds up; what the odometry says of its drift is what grows, not its lever")
    func growth() throws {
        var track = OdometryTrack()
        var covariance = SymmetricMatrix6(
            translation: .identity * 0.01, cross: .zero, rotation: .identity * 0.0001)
        for step in 0...10 {
            var reading = OdometryReading(
                time: Self.second + UInt64(step) * 10_000_000,
                odomFromBase: RigidTransform(rotation: .identity, translation: Vector3(0.5 * Double(step), 0, 0)))
            if step > 0 {
                let way = RigidTransform(rotation: .identity, translation: Vector3(-0.5, 0, 0))
                covariance = covariance.transported(by: way)
                covariance.translation = covariance.translation + .identity * 0.001
            }
            reading.covariance = covariance
            track.append(reading)
        }
        let newest = try #require(track.newest)
        #expect(abs(newest.path - 5) < 1e-12 && newest.breaks == 0)
        #expect(abs(newest.spread.translation - 0.01) < 1e-9 && newest.spread.rotation < 1e-12)
        let between = try #require(track.sample(at: Self.second + 45_000_000))
        #expect(abs(between.path - 2.25) < 1e-12 && abs(between.spread.translation - 0.0045) < 1e-9)
        #expect(abs((track.velocity?.translation.x ?? 0) - 50) < 1e-9)
    }

    @Test("another reset counter, or a leap that no vehicle makes, is a beginning: nothing is known across it")
    func breaks() throws {
        var track = OdometryTrack()
        func append(_ time: UInt64, _ x: Double, resets: UInt32 = 0) {
            var reading = OdometryReading(
                time: time, odomFromBase: RigidTransform(rotation: .identity, translation: Vector3(x, 0, 0)))
            reading.resets = resets
            track.append(reading)
        }
        append(Self.second, 0)
        append(Self.second + 10_000_000, 0.5)
        #expect(track.newest?.breaks == 0)
        append(Self.second + 20_000_000, 0.6, resets: 1)
        #expect(track.newest?.breaks == 1 && track.newest?.path == 0.5 && track.velocity == nil)
        #expect(track.sample(at: Self.second + 15_000_000) == nil)
        append(Self.second + 30_000_000, -40, resets: 1)
        #expect(track.newest?.breaks == 2)
        let same = OdometryTrack(of: (0..<track.sampleCount).reversed().map { track[$0] })
        #expect(same.newest == track.newest && same.sampleCount == 4)
    }

    @Test("a vehicle's state is what SwiftProtobuf reads; a lost one has no pose, whatever it holds")
    func state() throws {
        var encoder = VehicleStateEncoder(identity: GoldenMessages.versioned)
        var message = GoldenMessages.vehicleState()
        let coasting = try Hfloc_V1_VehicleState(serializedBytes: encoder.encode(message))
        #expect(coasting.condition == .coasting && coasting.pose.covariance.count == 36)
        #expect(coasting.linearVelocity.x == 10 && coasting.angularVelocity.z == 0.5 && coasting.mapID == "a1")
        #expect(coasting.velocityCovariance.count == 36 && coasting.fixAgeNs == 2_500_000_000)
        #expect(coasting.mapFromOdom.translation.z == -6 && coasting.reason.contains("odometry alone"))
        message.condition = .lost
        let lost = try Hfloc_V1_VehicleState(serializedBytes: encoder.encode(message))
        #expect(!lost.hasPose && !lost.hasMapFromOdom && lost.hasLinearVelocity)
        guard hf_allocations_counted() != 0 else { return }
        hf_allocations_begin()
        for _ in 0..<10 { _ = encoder.encode(message).count }
        #expect(hf_allocations_end() == 0)
    }
}
