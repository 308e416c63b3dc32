import DaemonPoses
import Messages
import SwiftProtobuf
import Testing

import MAVLinkBridge

private func wirePose() -> Hfloc_V1_Pose {
    var pose = Hfloc_V1_Pose()
    pose.position.x = 1.5
    pose.orientation.w = 1
    pose.covariance = [Double](repeating: 0.5, count: 36)
    return pose
}

@Suite struct VehicleReadingTests {
    private func localization(_ change: (inout Hfloc_V1_Localization) -> Void) throws -> VehicleReading? {
        var message = Hfloc_V1_Localization()
        (message.state, message.basePose, message.captureMonotonicNs) = (.localized, wirePose(), 77)
        change(&message)
        return VehicleReading(localization: try message.serializedBytes())
    }

    private func state(_ change: (inout Hfloc_V1_VehicleState) -> Void) throws -> VehicleReading? {
        var message = Hfloc_V1_VehicleState()
        (message.condition, message.pose, message.monotonicNs) = (.fixed, wirePose(), 77)
        change(&message)
        return VehicleReading(vehicleState: try message.serializedBytes(), onEarth: false)
    }

    @Test func `a localized vehicle is read with its stamp`() throws {
        let reading = try #require(try localization { _ in })
        let pose = try reading.pose.get()
        #expect(reading.time == 77)
        #expect(pose.position == SIMD3(1.5, 0, 0))
        #expect(pose.covariance == [Double](repeating: 0.5, count: 36))
        #expect(!pose.isOnEarth)
        #expect(try localization { $0.baseEarth.heightM = 3 }?.pose.get().isOnEarth == true)
    }

    @Test func `a pose that is degraded, lost or the camera's only is withheld`() throws {
        let degraded = try localization { ($0.state, $0.reason) = (.degraded, "few inliers") }
        #expect(degraded?.pose == .failure(.notLocalized("degraded", "few inliers")))
        #expect(try localization { $0.state = .UNRECOGNIZED(99) }?.pose.isFailure == true)
        #expect(try localization { $0.clearBasePose() }?.pose == .failure(.noVehicle))
        #expect(try state { $0.condition = .lost }?.pose.isFailure == true)
        #expect(try state { $0.clearPose() }?.pose.isFailure == true)
    }

    @Test func `a message of a later protocol is withheld`() throws {
        #expect(try localization { $0.protocolVersion = 1 }?.pose.isFailure == false)
        #expect(try localization { $0.protocolVersion = 2 }?.pose == .failure(.newer))
        #expect(try state { $0.protocolVersion = 2 }?.pose == .failure(.newer))
    }

    @Test func `numbers of no pose are withheld, a covariance that is none is unknown`() throws {
        #expect(try localization { $0.basePose.position.y = .nan }?.pose == .failure(.noPose))
        #expect(try localization { $0.basePose.orientation.w = 0 }?.pose == .failure(.noPose))
        #expect(try localization { $0.basePose.covariance = [1] }?.pose.get().covariance == nil)
        #expect(try localization { $0.basePose.covariance[5] = .infinity }?.pose.get().covariance == nil)
    }

    @Test func `a coasting vehicle has a lower quality, and velocities if the odometry says`() throws {
        #expect(try state { _ in }?.pose.get().quality == 100)
        #expect(try state { _ in }?.pose.get().velocity == nil)
        let coasting = try state {
            $0.condition = .coasting
            $0.linearVelocity.x = 2
            $0.angularVelocity.z = 0.5
        }
        let pose = try #require(try coasting?.pose.get())
        #expect(pose.quality == 50)
        #expect(pose.velocity == SIMD3(2, 0, 0))
        #expect(pose.rates == SIMD3(0, 0, 0.5))
        #expect(pose.velocityCovariance == nil)
    }

    @Test func `bytes of no message are none`() {
        #expect(VehicleReading(localization: [0xff, 0xff]) == nil)
        #expect(VehicleReading(vehicleState: [0xff, 0xff], onEarth: false) == nil)
    }
}

extension Result {
    fileprivate var isFailure: Bool { if case .failure = self { true } else { false } }
}
