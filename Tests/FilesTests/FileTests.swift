import Errors
import Files
import Glibc
import TestSupport
import Testing

@Suite("A mapped file")
struct FileMappingTests {
    private func error(_ path: String) -> FileError? {
        do throws(FileError) {
            _ = try FileMapping(path)
            return nil
        } catch { return error }
    }

    @Test("has the file's bytes, none of an empty one", arguments: [0, 1, 4096, 10_000])
    func bytes(count: Int) throws {
        let scratch = Scratch()
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 7) }
        scratch.write("x", bytes)
        let mapping = try FileMapping(scratch.file("x"))
        #expect(unsafe Array(mapping.bytes) == bytes)
    }

    @Test("is regular: a folder, a device and a pipe are refused at once")
    func irregular() throws {
        let scratch = Scratch()
        let pipe = scratch.file("pipe")
        try #require(unsafe mkfifo(pipe, 0o600) == 0)
        for path in [scratch.path, "/dev/zero", pipe] {
            #expect(error(path)?.description == "\(path): file: is not a regular file; give the path of a file")
            #expect(error(path)?.exitStatus == .inputOutput)
        }
        #expect(error(scratch.file("none"))?.exitStatus == .missingInput)
    }
}

@Suite("Lines")
struct LinesTests {
    @Test(
        "come without their endings, numbered, empty ones too",
        arguments: [
            ("", []), ("\n", [""]), ("a", ["a"]), ("a\nb\n", ["a", "b"]), ("ä\n\n\nö", ["ä", "", "", "ö"]),
        ])
    func lines(text: String, expected: [String]) {
        var lines = Lines(Array(text.utf8))
        var found: [String] = []
        while let line = lines.next() {
            found.append(line)
            #expect(lines.number == found.count)
        }
        #expect(found.map { Array($0.utf8) } == expected.map { Array($0.utf8) })
    }
}

@Suite("Folders")
struct FolderTests {
    @Test("give their names in the order of their bytes, hidden ones too")
    func names() throws {
        let scratch = Scratch()
        for name in ["b", "a10", "Z", "ä", ".hidden", "a9"] { scratch.write(name, []) }
        #expect(try Folder.names(scratch.path) == [".hidden", "Z", "a10", "a9", "b", "ä"])
    }

    @Test("that are none are errors with the system's number")
    func refused() {
        let scratch = Scratch()
        scratch.write("x", [])
        for (path, code) in [(scratch.file("none"), ENOENT), (scratch.file("x"), ENOTDIR)] {
            let error = #expect(throws: FileError.self) { try Folder.names(path) }
            #expect(error?.code == code && error?.kind == .missing)
        }
    }

    @Test("are made with those around them, once; a file in their place stays")
    func make() throws {
        let scratch = Scratch()
        for path in ["new", "a/b/c/", "a/b"] {
            for _ in 0..<2 { try Folder.make(scratch.file(path)) }
        }
        #expect(try Folder.names(scratch.file("a/b")) == ["c"])
        scratch.write("x", [1])
        for (path, problem) in [("x", "is no folder"), ("x/y", "is not there (Not a directory)")] {
            let error = #expect(throws: FileError.self) { try Folder.make(scratch.file(path)) }
            #expect(error?.problem == problem && error?.exitStatus == .cannotCreate)
        }
        #expect(Scratch.read(scratch.file("x")) == [1])
    }

    @Test("What is at a path")
    func status() {
        let scratch = Scratch()
        scratch.write("x", [1, 2, 3])
        #expect(FileStatus.exists(scratch.path) && FileStatus.exists(scratch.file("x")))
        #expect(!FileStatus.exists(scratch.file("none")))
        #expect(FileStatus.size(scratch.file("x")) == 3 && FileStatus.size(scratch.file("none")) == 0)
    }
}

@Suite("Standard output")
struct StandardOutputTests {
    /// Another file in its place: the runner of the tests writes to standard output too.
    private func write(_ texts: [String], to path: String) throws {
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT, 0o600)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        for text in texts { try StandardOutput.write(text, to: descriptor) }
    }

    @Test("takes all of a text")
    func writes() throws {
        let scratch = Scratch()
        let text = String(repeating: "ein naïver Text\n", count: 20_000)
        try write([text, "", text], to: scratch.file("x"))
        #expect(Scratch.read(scratch.file("x")) == Array((text + text).utf8))
    }

    @Test("that is full is an error")
    func full() throws {
        let error = #expect(throws: FileError.self) { try write(["x\n"], to: "/dev/full") }
        #expect(error?.exitStatus == .inputOutput)
        #expect(
            error?.description
                == "standard output: file: cannot be written (No space left on device); free space on the disk")
    }
}
