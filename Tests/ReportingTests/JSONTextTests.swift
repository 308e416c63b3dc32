import Container
import Reporting
import Testing

@Suite("JSON as commands print it")
struct JSONTextTests {
    @Test("numbers are as exact as they are; what is not finite, or not there, is null")
    func numbers() {
        #expect(JSONText.number(0.1) == "0.1" && JSONText.number(-3) == "-3.0")
        #expect(JSONText.number(nil) == "null" && JSONText.number(.nan) == "null")
        #expect(JSONText.number(.infinity) == "null" && JSONText.number(-.infinity) == "null")
    }

    @Test("an object keeps the order of its members, and reads back")
    func object() throws {
        let text = JSONText.object([
            ("b \"x\"", JSONText.string("line\nä\u{1}")), ("a", JSONText.array(["1", JSONText.object([])])),
            ("c", JSONText.array([])),
        ])
        #expect(text == #"{"b \"x\"": "line\nä\u0001", "a": [1, {}], "c": []}"#)
        let read = try JSON(parsing: text)
        #expect(read["b \"x\""]?.string == "line\nä\u{1}" && read["a"]?.array?.count == 2)
    }
}
