import Geometry
import Messages
import Publishing
import SwiftProtobuf

extension FuzzTarget {
    /// Messages of who connects.
    static let peers = [
        FuzzTarget("control", seeds: requests) { bytes in
            let ours = try? Wire.ControlRequest(decoding: bytes.span)
            // Another decoder agrees on what is a message.
            let theirs = try? Hfloc_V1_ControlRequest(serializedBytes: bytes)
            precondition((ours == nil) == (theirs == nil), "the decoders disagree")
            if case .setPrior(let prior) = ours?.command, prior.problem == nil {
                precondition(RigidTransform(position: prior.position, orientation: prior.orientation) != nil)
            }
        },
        FuzzTarget("odometry", seeds: odometry) { bytes in
            guard let message = try? Wire.Odometry(decoding: bytes.span) else { return }
            guard let pose = RigidTransform(position: message.position, orientation: message.orientation) else {
                return
            }
            var track = OdometryTrack()
            track.append(time: message.monotonicNs, odomFromBase: pose)
            if let reading = try? OdometryReading(decoding: bytes.span, at: nil) {
                precondition(reading.time == message.monotonicNs && reading.odomFromBase == pose)
                track.append(reading)
            }
            _ = track.odomFromBase(at: message.monotonicNs)
            _ = track.odomFromBase(at: .max)
        },
        FuzzTarget("zap", seeds: [zap]) { bytes in
            // Frames behind their lengths.
            var frames: [[UInt8]] = []
            var rest = bytes[...]
            while let length = rest.popFirst() {
                frames.append(Array(rest.prefix(Int(length))))
                rest = rest.dropFirst(Int(length))
            }
            let reply = ZAPAuthenticator.reply(to: frames, allowed: AllowList([:])).frames
            precondition(reply.count == 6 && reply[2] != Array("200".utf8))
        },
        FuzzTarget("json-of-messages", seeds: requests + odometry) { bytes in
            for schema in [JSONSchema.localization, .status, .cameraInfo, .event, .recordHeader] {
                _ = JSONTranscoder.json(bytes, schema)
            }
        },
    ]

    private static var requests: [[UInt8]] {
        let prior = Hfloc_V1_SetPrior.with {
            $0.position.x = 1
            $0.orientation.w = 1
            ($0.positionSigmaM, $0.rotationSigmaRad, $0.frame) = (0.5, 0.1, "camera")
        }
        let commands: [Hfloc_V1_ControlRequest.OneOf_Command] = [
            .getStatus(.init()), .setPrior(prior), .loadMap(.with { $0.path = "/maps/a.hfmap" }), .shutdown(.init()),
        ]
        return commands.enumerated().compactMap { index, command in
            try? Hfloc_V1_ControlRequest.with {
                $0.requestID = UInt64(index + 1)
                $0.command = command
            }.serializedBytes()
        }
    }

    private static var odometry: [[UInt8]] {
        let message = Hfloc_V1_Odometry.with {
            $0.monotonicNs = 5_000_000_000
            ($0.position.x, $0.position.y) = (1, -2)
            $0.orientation.w = 1
        }
        return [(try? message.serializedBytes()) ?? []]
    }

    private static let zap: [UInt8] = [
        "1.0", "1", "hfloc", "127.0.0.1", "", "CURVE", String(repeating: "k", count: 32),
    ].flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) }
}
