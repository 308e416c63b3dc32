import Messages
import Publishing
import SwiftProtobuf
import Testing
import TestSupport

@Suite("Decoding of what is received")
struct DecodingTests {
    private static let received = WirePair.all.filter(\.isReceived)
    private static let request = "hfloc.v1.ControlRequest"

    /// Taken or refused by both, and with the same contents.
    private func agree(_ pair: WirePair, _ bytes: [UInt8]) -> Bool {
        let (ours, theirs) = (pair.ours(bytes), pair.theirs(bytes))
        guard ours != theirs else { return true }
        // SwiftProtobuf keeps the number of an enum's value that is not known; of ours it is the default.
        if let ours, let theirs, pair.ours(theirs) == ours { return true }
        Issue.record("\(pair.name) \(bytes): ours \(ours ?? []), theirs \(theirs ?? [])")
        return false
    }

    @Test(
        "30,000 damaged or joined messages are taken or refused as SwiftProtobuf does, with the same values",
        arguments: received)
    func fuzz(pair: WirePair) throws {
        var random = SeededGenerator("decoding/fuzz/\(pair.name)")
        let generator = MessageGenerator(descriptors: try Descriptors.read())
        var refused = 0
        for _ in 0..<30_000 {
            var bytes = try generator.bytes(of: pair.name, &random)
            if Bool.random(using: &random) { bytes += try generator.bytes(of: pair.name, &random) }
            for _ in 0..<Int.random(in: 0..<4, using: &random) { damage(&bytes, &random) }
            if pair.ours(bytes) == nil { refused += 1 }
            guard agree(pair, bytes) else { return }
        }
        // Of a message without fields there is nothing to damage.
        let isEmpty = try Descriptors.read().fields(of: pair.name).isEmpty
        #expect(isEmpty || (3000..<27_000).contains(refused), "\(refused) refused")
    }

    @Test("30,000 messages of random bytes", arguments: received)
    func noise(pair: WirePair) {
        var random = SeededGenerator("decoding/noise/\(pair.name)")
        for _ in 0..<30_000 {
            let bytes = (0..<Int.random(in: 0..<24, using: &random)).map { _ in
                Bool.random(using: &random)
                    ? UInt8.random(in: 0..<64, using: &random) : UInt8.random(in: .min ... .max, using: &random)
            }
            guard agree(pair, bytes) else { return }
        }
    }

    @Test("Numbers written in more bytes than they need, and in more than there are", arguments: 1...11)
    func overlong(length: Int) throws {
        let pair = try #require(Self.received.first { $0.name == Self.request })
        // The tag of request_id, then its value.
        for last: UInt8 in [0, 1, 2, 38, 127] {
            let tail = [UInt8](repeating: 0x80, count: max(0, length - 2)) + (length > 1 ? [last] : [])
            for bytes in [[length > 1 ? 0x88 : 8] + tail + [5], [8, length > 1 ? 0x85 : 5] + tail] {
                #expect(agree(pair, bytes))
            }
        }
    }

    @Test("A command of a later version is none, and another replaces the one before")
    func commands() throws {
        let load: [UInt8] = try Hfloc_V1_ControlRequest.with { $0.loadMap = .with { $0.path = "/m" } }.serializedBytes()
        let reload: [UInt8] = try Hfloc_V1_ControlRequest.with { $0.reload = .init() }.serializedBytes()
        let later: [UInt8] = [0xfa, 0x01, 0x00]
        #expect(try Wire.ControlRequest(decoding: later.span).command == nil)
        #expect(try Wire.ControlRequest(decoding: (load + later).span).command == .loadMap(.init(path: "/m")))
        #expect(try Wire.ControlRequest(decoding: (load + reload).span).command == .reload(.init()))
    }

    @Test("Groups nested without end are refused, and do not overflow the stack", arguments: received)
    func nested(pair: WirePair) {
        #expect(pair.ours([UInt8](repeating: 0x4b, count: ControlServer.largestRequest)) == nil)
    }

    @Test("A prior that cannot be used says why")
    func priors() {
        var good = Wire.SetPrior()
        (good.position, good.orientation) = (.init(), .init(w: 1))
        (good.positionSigmaM, good.rotationSigmaRad) = (2, 0.1)
        #expect(good.problem == nil)
        let spoil: [(String, (inout Wire.SetPrior) -> Void)] = [
            ("position:", { $0.position?.y = .nan }), ("position:", { $0.position?.x = 1e8 }),
            ("orientation:", { $0.orientation = nil }), ("orientation:", { $0.orientation?.z = .infinity }),
            ("position_sigma_m", { $0.positionSigmaM = 0 }), ("position_sigma_m", { $0.positionSigmaM = .nan }),
            ("rotation_sigma_rad", { $0.rotationSigmaRad = 4 }), ("rotation_sigma_rad", { $0.rotationSigmaRad = -1 }),
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
