import Errors
import Files
import Glibc
import TestSupport
import Testing

@Suite("A file that is written whole or not at all")
struct AtomicFileTests {
    private let scratch = Scratch()

    private func error(_ body: () throws(FileError) -> Void) -> FileError? {
        do throws(FileError) {
            try body()
            return nil
        } catch { return error }
    }

    @Test("replaces what was there, readable by all, and leaves nothing beside it", arguments: [false, true])
    func replaces(syncs: Bool) throws {
        let path = scratch.file("x")
        scratch.write("x", [9, 9, 9])
        try AtomicFile.write([1, 2], to: path, syncs: syncs)
        #expect(Scratch.read(path) == [1, 2])
        try AtomicFile.write("naïve\n", to: path)
        #expect(Scratch.read(path) == Array("naïve\n".utf8))
        try AtomicFile.write([], to: path)
        #expect(Scratch.read(path).isEmpty)
        #expect(scratch.contents == ["x"])
        var status = stat()
        #expect(unsafe stat(path, &status) == 0 && status.st_mode & 0o777 == 0o644)
    }

    @Test("is filled piece by piece; an old reader keeps what it has mapped")
    func pieces() throws {
        let path = scratch.file("x")
        try AtomicFile.write([1, 2, 3], to: path)
        let old = try FileMapping(path)
        try AtomicFile.write(to: path) { (file) throws(FileError) in
            for piece: [UInt8] in [[4], [], [5, 6]] {
                try unsafe piece.span.withUnsafeBytes { (bytes) throws(FileError) in try unsafe file.append(bytes) }
            }
            #expect(Scratch.read(path) == [1, 2, 3], "nothing is in place before all is written")
            #expect(scratch.contents.count == 2)
        }
        #expect(Scratch.read(path) == [4, 5, 6])
        #expect(unsafe Array(old.bytes) == [1, 2, 3])
    }

    @Test("leaves the old one, and nothing beside it, after an error of who fills it")
    func failing() {
        let path = scratch.file("x")
        scratch.write("x", [7])
        let failed = error { () throws(FileError) in
            try AtomicFile.write(to: path) { (_) throws(FileError) in
                _ = try WholeFile.read(scratch.file("none"), atMost: 1)
            }
        }
        #expect(failed?.kind == .missing)
        #expect(Scratch.read(path) == [7])
        #expect(scratch.contents == ["x"])
    }

    @Test("says what the system refuses, with its status, and so does the check before the work")
    func refused() {
        let nowhere = scratch.file("no/such/x")
        for failed in [
            error { () throws(FileError) in try AtomicFile.write([1], to: nowhere) },
            error { () throws(FileError) in try AtomicFile.check(nowhere) },
        ] {
            #expect(
                failed?.description
                    == "\(nowhere): file: cannot be created (No such file or directory); "
                    + "check the directory and its permissions")
            #expect(failed?.exitStatus == .cannotCreate)
        }
        unsafe _ = mkdir(scratch.file("folder"), 0o700)
        let onto = error { () throws(FileError) in try AtomicFile.write([1], to: scratch.file("folder")) }
        #expect(onto?.problem.hasPrefix("cannot be renamed into place (") == true)
        #expect(onto?.exitStatus == .cannotCreate)
        #expect(scratch.contents == ["folder"])
    }

    @Test("the check leaves an old file as it is, and nothing beside it")
    func check() throws {
        scratch.write("x", [7])
        try AtomicFile.check(scratch.file("x"))
        try AtomicFile.check(scratch.file("new"))
        #expect(Scratch.read(scratch.file("x")) == [7])
        #expect(scratch.contents == ["x"])
    }
}
