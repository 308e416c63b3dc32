import Messages
import Publishing
import SwiftProtobuf
import Testing
import TestSupport

/// What SwiftProtobuf makes of the same bytes; nil if it refuses them.
private func oracle(_ bytes: [UInt8]) -> ControlRequest? {
    guard let wire = try? Hfloc_V1_ControlRequest(serializedBytes: bytes) else { return nil }
    let command: ControlRequest.Command =
        switch wire.command {
        case nil: .unknown
        case .getStatus: .getStatus
        case .relocalize: .relocalize
        case .setPrior(let prior): .setPrior(ours(prior))
        case .loadMap(let load): .loadMap(load.path)
        case .reload: .reload
        case .shutdown: .shutdown
        }
    return ControlRequest(requestID: wire.requestID, command: command)
}

private func ours(_ wire: Hfloc_V1_SetPrior) -> ControlRequest.Prior {
    var prior = ControlRequest.Prior()
    prior.position = SIMD3(wire.position.x, wire.position.y, wire.position.z)
    prior.orientation = SIMD4(wire.orientation.w, wire.orientation.x, wire.orientation.y, wire.orientation.z)
    prior.positionSigma = wire.positionSigmaM
    prior.rotationSigma = wire.rotationSigmaRad
    prior.frame = wire.frame
    return prior
}

private func randomRequest(_ random: inout SeededGenerator) -> Hfloc_V1_ControlRequest {
    var request = Hfloc_V1_ControlRequest()
    request.requestID = randomInteger(&random)
    switch Int.random(in: 0..<8, using: &random) {
    case 0: request.getStatus = .init()
    case 1: request.relocalize = .init()
    case 2: request.loadMap = .with { $0.path = ["", "/a", "/maps/straße.hfmap"].randomElement(using: &random) ?? "" }
    case 3: request.reload = .init()
    case 4: request.shutdown = .init()
    case 5: break
    default:
        request.setPrior = .with {
            if Bool.random(using: &random) { $0.position = .with { ($0.x, $0.y, $0.z) = (1.5, -2, .infinity) } }
            if Bool.random(using: &random) { $0.orientation = .with { ($0.w, $0.x, $0.z) = (0.5, -0.5, 0.25) } }
            $0.positionSigmaM = randomDouble(&random)
            $0.rotationSigmaRad = randomDouble(&random)
            if Bool.random(using: &random) { $0.frame = "base_link" }
        }
    }
    return request
}

/// NaN-proof equality.
private func agree(_ a: ControlRequest?, _ b: ControlRequest?) -> Bool {
    text(a) == text(b)
}

private func text(_ request: ControlRequest?) -> String {
    request.map { "\($0)" } ?? "refused"
}

@Suite("Decoding of hfloc.v1.ControlRequest")
struct ControlDecodingTests {
    @Test("4000 random requests decode to what went in")
    func valid() throws {
        var random = SeededGenerator("control/valid")
        for _ in 0..<4000 {
            let bytes: [UInt8] = try randomRequest(&random).serializedBytes()
            #expect(agree(try ControlRequest(decoding: bytes.span), oracle(bytes)))
        }
    }

    @Test("100,000 damaged or joined requests are taken or refused as SwiftProtobuf does, with the same values")
    func fuzz() throws {
        var random = SeededGenerator("control/fuzz")
        var (taken, refused) = (0, 0)
        for _ in 0..<100_000 {
            var bytes: [UInt8] = try randomRequest(&random).serializedBytes()
            if Bool.random(using: &random) { bytes += try randomRequest(&random).serializedBytes() as [UInt8] }
            for _ in 0..<Int.random(in: 0..<4, using: &random) { damage(&bytes, &random) }
            let ours = try? ControlRequest(decoding: bytes.span)
            let theirs = oracle(bytes)
            if ours == nil { refused += 1 } else { taken += 1 }
            guard !agree(ours, theirs) else { continue }
            Issue.record(Comment(rawValue: "\(bytes): ours \(text(ours)), theirs \(text(theirs))"))
            return
        }
        #expect(taken > 10_000 && refused > 10_000, "\(taken) taken, \(refused) refused")
    }

    @Test("100,000 messages of random bytes")
    func noise() {
        var random = SeededGenerator("control/noise")
        for _ in 0..<100_000 {
            let bytes = (0..<Int.random(in: 0..<24, using: &random)).map { _ in
                Bool.random(using: &random)
                    ? UInt8.random(in: 0..<64, using: &random) : UInt8.random(in: .min ... .max, using: &random)
            }
            guard !agree(try? ControlRequest(decoding: bytes.span), oracle(bytes)) else { continue }
            Issue.record(Comment(rawValue: "\(bytes): SwiftProtobuf says \(text(oracle(bytes)))"))
            return
        }
    }

    @Test("Numbers written in more bytes than they need, and in more than there are", arguments: 1...11)
    func overlong(length: Int) {
        // The tag of request_id, then its value.
        for last: UInt8 in [0, 1, 2, 38, 127] {
            let tail = [UInt8](repeating: 0x80, count: max(0, length - 2)) + (length > 1 ? [last] : [])
            for bytes in [[length > 1 ? 0x88 : 8] + tail + [5], [8, length > 1 ? 0x85 : 5] + tail] {
                #expect(text(try? ControlRequest(decoding: bytes.span)) == text(oracle(bytes)), "\(bytes)")
            }
        }
    }

    @Test("Groups nested without end are refused, and do not overflow the stack")
    func nested() {
        let bytes = [UInt8](repeating: 0x4b, count: ControlServer.largestRequest)
        #expect(throws: ControlRequest.Malformed.self) { try ControlRequest(decoding: bytes.span) }
    }

    @Test("A prior that cannot be used says why")
    func priors() {
        var good = ControlRequest.Prior()
        good.orientation = SIMD4(1, 0, 0, 0)
        (good.positionSigma, good.rotationSigma) = (2, 0.1)
        #expect(good.problem == nil)
        let spoil: [(String, (inout ControlRequest.Prior) -> Void)] = [
            ("position:", { $0.position.y = .nan }), ("position:", { $0.position.x = 1e8 }),
            ("orientation:", { $0.orientation = SIMD4() }), ("orientation:", { $0.orientation.z = .infinity }),
            ("position_sigma_m", { $0.positionSigma = 0 }), ("position_sigma_m", { $0.positionSigma = .nan }),
            ("rotation_sigma_rad", { $0.rotationSigma = 4 }), ("rotation_sigma_rad", { $0.rotationSigma = -1 }),
        ]
        for (field, spoil) in spoil {
            var bad = good
            spoil(&bad)
            #expect(bad.problem?.contains(field) == true, "\(field) \(bad.problem ?? "")")
        }
    }

    private func damage(_ bytes: inout [UInt8], _ random: inout SeededGenerator) {
        guard !bytes.isEmpty else { return }
        let place = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<5, using: &random) {
        case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 1: bytes[place] = UInt8.random(in: .min ... .max, using: &random)
        case 2: bytes.removeLast(bytes.count - place)
        case 3: bytes.insert(UInt8.random(in: .min ... .max, using: &random), at: place)
        default: bytes.remove(at: place)
        }
    }
}
