import Container
import Testing

@Suite("JSON") struct JSONTests {
    @Test("reads what RFC 8259 allows") func reads() throws {
        let json = try JSON(
            parsing:
                #" { "a" : [ 1 , -2.5e+3 , 0 , true , false , null ] , "b\n\u00e9\ud83d\ude00" : { } , "c" : "\/" } "#)
        #expect(json["a"]?.array?.map(\.int) == [1, nil, 0, nil, nil, nil])
        #expect(json["a"]?.array?[1].double == -2500)
        #expect(json["b\né\u{1F600}"]?.object?.isEmpty == true)
        #expect(json["c"]?.string == "/")
        #expect(try JSON(parsing: "9007199254740993").int == 9_007_199_254_740_993)
        #expect(try JSON(parsing: "1e999").double == nil)
    }

    @Test(
        "refuses everything else, at its byte",
        arguments: [
            ("", 0), (" ", 1), ("{", 1), ("{\"a\"", 4), ("{\"a\":}", 5), ("[1,]", 3), ("[1 2]", 3), ("01", 1),
            ("1.", 0),
            ("+1", 0), (".5", 0), ("1e", 0), ("-", 0), ("nul", 3), ("nulL", 3), ("\"", 0), ("\"\\x\"", 2),
            ("\"\\ud800\"", 3), ("\"\\udc00\"", 3), ("\"\\u12\"", 5), ("\"\n\"", 1), ("{\"a\":1,\"a\":2}", 7),
            ("{}{}", 2),
            ("NaN", 0), ("[1", 2), ("'a'", 0), ("{a:1}", 1), ("// x", 0),
        ]) func refuses(text: String, offset: Int)
    {
        let failure = #expect(throws: JSON.Failure.self) { try JSON(parsing: text) }
        #expect(failure?.offset == offset, "\(text): \(String(describing: failure))")
    }

    @Test("refuses bytes that are not UTF-8, and nesting without end") func hostile() {
        #expect(throws: JSON.Failure.self) { try JSON(parsing: [0x22, 0xFF, 0x22].span) }
        #expect(throws: JSON.Failure.self) { try JSON(parsing: [0x22, 0xC0, 0x80, 0x22].span) }
        #expect(throws: JSON.Failure.self) { try JSON(parsing: String(repeating: "[", count: 1_000_000)) }
    }

    @Test("writes text that reads back") func writes() throws {
        let json = JSON.object([
            JSON.Member("a", .array([.number("1"), .null, .bool(true), .bool(false)])),
            JSON.Member("\"\\\u{0}\u{1F600}", .string("line\nline\ttab\r")), JSON.Member("o", .object([])),
        ])
        #expect(try JSON(parsing: json.text) == json)
    }
}
