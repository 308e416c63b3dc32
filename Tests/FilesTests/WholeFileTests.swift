import Files
import Glibc
import TestSupport
import Testing

@Suite("Whole files")
struct WholeFileTests {
    private func error(_ path: String, atMost limit: Int = 100, acceptsStreams: Bool = false) -> FileError? {
        do throws(FileError) {
            _ = try WholeFile.read(path, atMost: limit, acceptsStreams: acceptsStreams)
            return nil
        } catch { return error }
    }

    @Test(
        "Every byte comes back, at every size around those of the reader's pieces",
        arguments: [0, 1, 65535, 65536, 65537, 200_000])
    func sizes(count: Int) throws {
        let scratch = Scratch()
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 8) }
        scratch.write("x", bytes)
        #expect(try WholeFile.read(scratch.file("x"), atMost: count) == bytes)
        #expect(try WholeFile.read(scratch.file("x"), atMost: .max, acceptsStreams: true) == bytes)
        guard count > 0 else { return }
        #expect(error(scratch.file("x"), atMost: count - 1)?.kind == .tooLarge)
    }

    @Test("What is not there, a folder, a device, what may not be read: each by its kind, with the path")
    func refused() {
        let scratch = Scratch()
        let none = scratch.file("none")
        #expect(error(none)?.kind == .missing)
        #expect(
            error(none)?.description
                == "\(none): file: cannot be opened (No such file or directory); check the path and its permissions")
        scratch.write("x", [1])
        #expect(error(scratch.file("x/y"))?.kind == .missing)
        for accepts in [false, true] {
            #expect(
                error(scratch.path, acceptsStreams: accepts)?.description
                    == "\(scratch.path): file: is not a regular file; give the path of a file")
            #expect(error(scratch.path, acceptsStreams: accepts)?.reason == "is a folder")
        }
        #expect(error("/dev/null")?.reason == "is not a file")
        guard geteuid() != 0 else { return }
        unsafe _ = chmod(scratch.file("x"), 0)
        #expect(error(scratch.file("x"))?.kind == .unreadable)
    }

    @Test(
        "A limit is told in its unit",
        arguments: [(1 << 16, "64 KiB"), (3 << 20, "3 MiB"), (1 << 30, "1 GiB"), (10, "10 bytes")])
    func limits(limit: Int, text: String) {
        let scratch = Scratch()
        scratch.write("x", [])
        unsafe _ = truncate(scratch.file("x"), limit + 1)
        #expect(error(scratch.file("x"), atMost: limit)?.reason == "larger than the \(text) allowed")
    }

    @Test("A file that has no size before its end, such as those of /proc")
    func sizeless() throws {
        let bytes = try WholeFile.read("/proc/self/status", atMost: 1 << 20)
        #expect(bytes.starts(with: Array("Name:".utf8)))
        #expect(error("/proc/self/status", atMost: 10)?.kind == .tooLarge)
    }

    @Test(
        "A pipe is refused at once where files are expected, and else read to its end; one without end, up to the limit"
    )
    func streams() throws {
        let scratch = Scratch()
        let pipe = scratch.file("pipe")
        try #require(unsafe mkfifo(pipe, 0o600) == 0)
        #expect(error(pipe)?.reason == "is not a file")
        var ends: (Int32, Int32) = (0, 0)
        try #require(
            unsafe withUnsafeMutableBytes(of: &ends) { unsafe Glibc.pipe($0.bindMemory(to: Int32.self).baseAddress) }
                == 0)
        let text = Array("map: /m\n".utf8)
        unsafe _ = Glibc.write(ends.1, text, text.count)
        close(ends.1)
        defer { close(ends.0) }
        #expect(try WholeFile.read("/dev/fd/\(ends.0)", atMost: 100, acceptsStreams: true) == text)
        #expect(error("/dev/zero", atMost: 1 << 20, acceptsStreams: true)?.kind == .tooLarge)
    }
}
