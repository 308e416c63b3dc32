import Localizer
import Publishing
import Testing

@Suite("The localizer's words on the wire")
struct GateTests {
    @Test("Each gate has the number of the wire's gate of its name", arguments: Gate.allCases)
    func gates(gate: Gate) {
        #expect(Wire.Gate(rawValue: gate.rawValue).map { "\($0)" } == "\(gate)")
    }
}
