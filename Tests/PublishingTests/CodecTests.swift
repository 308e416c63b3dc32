import CAllocationCounter
import Messages
import Publishing
import SwiftProtobuf
import Testing
import TestSupport

@Suite("Generated encoders and decoders of hfloc.v1")
struct CodecTests {
    @Test("Both generators know every message of the .proto files, but for those that are encoded by hand")
    func complete() throws {
        let known = Set(WirePair.all.map(\.name))
        let byHand: Set = [
            "hfloc.v1.Localization", "hfloc.v1.VehicleState", "hfloc.v1.Pose", "hfloc.v1.EarthPosition",
        ]
        #expect(known.union(byHand) == Set(try Descriptors.read().messages.keys))
        #expect(known.isDisjoint(with: byHand))
    }

    @Test("Every field comes through, byte for byte as SwiftProtobuf writes it", arguments: WirePair.all)
    func full(pair: WirePair) throws {
        var random = SeededGenerator("codec/full/\(pair.name)")
        let generator = MessageGenerator(descriptors: try Descriptors.read(), isFull: true)
        for _ in 0..<50 {
            let bytes = try generator.bytes(of: pair.name, &random)
            #expect(pair.theirs(bytes) == bytes, "unknown to SwiftProtobuf: run tools/generate/generate-messages")
            #expect(pair.ours(bytes) == bytes)
        }
    }

    @Test("So does each combination of fields, of any values", arguments: WirePair.all)
    func random(pair: WirePair) throws {
        var random = SeededGenerator("codec/random/\(pair.name)")
        let generator = MessageGenerator(descriptors: try Descriptors.read())
        for _ in 0..<1000 {
            let bytes = try generator.bytes(of: pair.name, &random)
            #expect(pair.theirs(bytes) == bytes)
            #expect(pair.ours(bytes) == bytes)
        }
    }

    @Test("Names and raw values of the enums are SwiftProtobuf's")
    func enums() {
        agree(Hfloc_V1_State.allCases, Wire.State.allCases)
        agree(Hfloc_V1_Gate.allCases, Wire.Gate.allCases)
        agree(Hfloc_V1_Source.allCases, Wire.Source.allCases)
        agree(Hfloc_V1_VehicleCondition.allCases, Wire.VehicleCondition.allCases)
        agree(Hfloc_V1_Stage.allCases, Wire.Stage.allCases)
        agree(Hfloc_V1_ClockSynchronization.allCases, Wire.ClockSynchronization.allCases)
        agree(Hfloc_V1_Problem.Kind.allCases, Wire.Problem.Kind.allCases)
        agree(Hfloc_V1_Event.Kind.allCases, Wire.Event.Kind.allCases)
    }

    private func agree<Theirs: Enum, Ours: RawRepresentable<UInt8>>(_ theirs: [Theirs], _ ours: [Ours]) {
        #expect(theirs.map { "\($0) \($0.rawValue)" } == ours.map { "\($0) \($0.rawValue)" })
    }

    @Test("A status has all parts from the start, but for the thread that does not run yet")
    func parts() throws {
        let bytes = Wire.Status(daemonVersion: "1", sessionID: 2, bootID: "3").encoded()
        let status = try Hfloc_V1_Status(serializedBytes: bytes)
        #expect(status.protocolVersion == 1 && status.daemonVersion == "1" && status.bootID == "3")
        #expect(status.hasMap && status.hasModel && status.hasCalibration && status.hasCamera && status.hasFrames)
        #expect(status.hasClock && status.hasPlace && status.hasSubscriptions && !status.hasRealTime)
    }
}
