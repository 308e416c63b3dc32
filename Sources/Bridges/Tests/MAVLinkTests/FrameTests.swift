import Foundation
import MAVLink
import Testing

/// What pymavlink writes of the same values: tools/generate/generate-mavlink-frames.
private func golden(_ name: String) throws -> [UInt8] {
    let url = try #require(Bundle.module.url(forResource: "Golden/\(name)", withExtension: "bin"))
    return [UInt8](try Data(contentsOf: url))
}

private let stamp: UInt64 = 123_456_789_012_345
private let poseCovariance = UpperTriangle { row, column in 0.5 + Double(position(row, column)) }
private let velocityCovariance = UpperTriangle { row, column in 100.25 + Double(position(row, column)) }

/// Where an element of a 6x6 matrix stands in its upper triangle, counted by hand.
private func position(_ row: Int, _ column: Int) -> Int { [0, 6, 11, 15, 18, 20][row] + column - row }

private func odometry() -> Odometry {
    var odometry = Odometry(
        time: stamp, position: SIMD3(1.5, -2.5, 3.5), attitude: SIMD4(0.5, -0.5, 0.5, -0.5), frame: .frd)
    odometry.velocity = SIMD3(4.5, 5.5, -6.5)
    odometry.rates = SIMD3(0.125, 0.25, 0.375)
    return odometry
}

private func fullOdometry() -> Odometry {
    var full = odometry()
    (full.poseCovariance, full.velocityCovariance) = (poseCovariance, velocityCovariance)
    (full.resetCounter, full.quality) = (255, 100)
    return full
}

@Suite struct FrameTests {
    /// Byte for byte pymavlink's, and read back from its bytes as what was written.
    private func check<M: Message & Equatable>(_ message: M, _ name: String) throws {
        var writer = FrameWriter(system: 1, component: 197)
        let bytes = try golden(name)
        #expect(writer.frame(message) == bytes)
        var parser = FrameParser()
        let frames = parser.take(bytes)
        #expect(frames.count == 1)
        #expect(frames.first?.system == 1)
        #expect(frames.first?.component == 197)
        #expect(frames.first?.message(M.self) == message)
    }

    @Test func `each message is pymavlink's, byte for byte, in both directions`() throws {
        try check(Heartbeat(state: .active), "heartbeat")
        try check(TimeSync(answered: 0, asked: 987_654_321_012_345_678), "timesync")
        try check(fullOdometry(), "odometry")
        let status = EstimatorStatus(
            time: stamp, known: EstimatorStatus.Known(rawValue: 63), horizontalAccuracy: 0.25, verticalAccuracy: 0.5)
        try check(status, "estimator_status")
        let estimate = GlobalVisionPositionEstimate(
            time: stamp, position: SIMD3(1.5, -2.5, 3.5), angles: SIMD3(0.125, 0.25, 0.375),
            covariance: poseCovariance, resetCounter: 7)
        try check(estimate, "global_vision_position_estimate")
    }

    @Test func `a covariance that is not known is NaN in its first element`() throws {
        var writer = FrameWriter(system: 1, component: 197)
        #expect(writer.frame(odometry()) == (try golden("odometry_unknown")))
    }

    @Test func `a signature is stepped over`() throws {
        var parser = FrameParser()
        let frames = parser.take(try golden("heartbeat_signed") + golden("timesync"))
        #expect(frames.map(\.messageID) == [Heartbeat.id, TimeSync.id])
    }

    @Test func `the sequence counts a sender's frames and wraps`() {
        var writer = FrameWriter(system: 1, component: 197)
        let sequences = (0..<300).map { _ in writer.frame(Heartbeat(state: .active))[4] }
        #expect(sequences == (0..<300).map { UInt8($0 % 256) })
    }
}

@Suite struct FrameParserTests {
    @Test func `frames are found at any cut of the stream, between noise`() throws {
        // MAVLink 1, a marker that begins nothing, and the beginning of a message that is not known.
        let noise: [UInt8] = [0xfe, 0x09, 0, 1, 1, 0, 0xfd, 0xfd, 0xff, 0, 0, 7, 1, 1, 0x4c, 0, 0, 0xfd]
        let stream = noise + (try golden("odometry")) + noise + (try golden("timesync")) + (try golden("heartbeat"))
        let expected = [Odometry.id, TimeSync.id, Heartbeat.id]
        for cut in 0...stream.count {
            var parser = FrameParser()
            let frames = parser.take(stream[..<cut]) + parser.take(stream[cut...])
            #expect(frames.map(\.messageID) == expected)
        }
        var parser = FrameParser()
        #expect(stream.flatMap { parser.take([$0]) }.map(\.messageID) == expected)
    }

    @Test func `no frame survives the damage of a byte`() throws {
        let whole = try golden("odometry")
        for index in whole.indices {
            var damaged = whole
            damaged[index] ^= 0x10
            var parser = FrameParser()
            #expect(parser.take(damaged).isEmpty, "byte \(index)")
        }
    }

    @Test func `no bytes are too odd`() throws {
        // xorshift64: the same bytes in each run.
        var state: UInt64 = 7
        func random() -> UInt64 {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return state
        }
        let whole = try golden("odometry") + golden("timesync") + golden("heartbeat_signed")
        var parser = FrameParser()
        for _ in 0..<20_000 {
            var bytes = whole
            for _ in 0..<random() % 8 { bytes[Int(random() % UInt64(bytes.count))] = UInt8(random() & 0xff) }
            let end = Int(random() % UInt64(bytes.count))
            for frame in parser.take(bytes[..<end]) {
                let read: (Odometry?, TimeSync?, Heartbeat?) = (frame.message(), frame.message(), frame.message())
                #expect(read.0 != nil || read.1 != nil || read.2 != nil)
            }
        }
    }

    @Test func `a frame after a damaged one is found`() throws {
        var damaged = try golden("odometry")
        damaged[100] ^= 1
        var parser = FrameParser()
        #expect(parser.take(damaged + (try golden("heartbeat"))).map(\.messageID) == [Heartbeat.id])
    }

    @Test func `a question of the time is answered with the time, and an answer with nothing`() {
        #expect(TimeSync(answered: 0, asked: 77).answer(at: 5000) == TimeSync(answered: 5000, asked: 77))
        #expect(TimeSync(answered: 5000, asked: 77).answer(at: 6000) == nil)
    }
}
