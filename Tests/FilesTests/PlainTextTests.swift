import Errors
import Files
import TestSupport
import Testing

@Suite("Text files")
struct PlainTextTests {
    private let scratch = Scratch()

    private func error(_ bytes: [UInt8]) -> FileError? {
        scratch.write("x", bytes)
        do throws(FileError) {
            _ = try PlainText.read(scratch.file("x"), atMost: 100)
            return nil
        } catch { return error }
    }

    private func lines(_ bytes: [UInt8]) throws -> [String] {
        scratch.write("x", bytes)
        var lines = Lines(try PlainText.read(scratch.file("x"), atMost: 100))
        var found: [String] = []
        while let line = lines.next() { found.append(line) }
        #expect(lines.number == found.count)
        return found
    }

    @Test(
        "have the same lines whatever ends them, with and without a byte order mark",
        arguments: [
            "a b\n\n# ü\nc", "a b\r\n\r\n# ü\r\nc", "a b\r\r# ü\rc", "a b\n\r\n# ü\rc\n", "a b\r\n\n# ü\nc\r\n",
            "a b\r\n\r\n# ü\r\nc\r",
        ])
    func endings(text: String) throws {
        for mark in [[], [0xEF, 0xBB, 0xBF]] as [[UInt8]] {
            #expect(try lines(mark + Array(text.utf8)) == ["a b", "", "# ü", "c"])
        }
    }

    @Test("may be empty, and nothing but a mark or a line's end")
    func nothing() throws {
        #expect(try lines([]) == [])
        #expect(try lines([0xEF, 0xBB, 0xBF]) == [])
        #expect(try lines([0x0D]) == [""])
        #expect(try lines([0x0D, 0x0A]) == [""])
    }

    @Test("lose only a mark at their beginning")
    func markWithin() throws {
        #expect(try lines(Array("a\u{FEFF}b\n\u{FEFF}".utf8)) == ["a\u{FEFF}b", "\u{FEFF}"])
    }

    @Test("in other encodings are refused by name, with the line where one is wrong")
    func encodings() {
        let little: [UInt8] = [0xFF, 0xFE, 0x61, 0, 0x0A, 0]
        #expect(error(little)?.description == "\(scratch.path)/x: file: is UTF-16, not UTF-8; save it as text in UTF-8")
        #expect(error([0xFE, 0xFF, 0, 0x61])?.reason == "is UTF-16, not UTF-8")
        #expect(error([0xFF, 0xFE, 0, 0, 0x61, 0, 0, 0])?.reason == "is UTF-32, not UTF-8")
        #expect(error([0, 0, 0xFE, 0xFF])?.reason == "is UTF-32, not UTF-8")
        #expect(error([0x61, 0x0D, 0x0D, 0x0A, 0xE9, 0x0A])?.reason == "line 3 is not UTF-8")
        #expect(error([0x61, 0x0A, 0xC3])?.reason == "line 2 is not UTF-8")
        #expect(error([0x61, 0, 0x0A, 0])?.reason == "line 1 holds a zero byte, and so is no text in UTF-8")
        #expect(error([0xFF, 0xFE])?.exitStatus == .badData)
    }

    @Test("are refused above the limit")
    func limit() {
        #expect(error([UInt8](repeating: 0x61, count: 101))?.kind == .tooLarge)
    }
}
