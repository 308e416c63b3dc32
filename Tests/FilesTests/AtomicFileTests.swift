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
            #expect(scratch.contents == ["x"], "nor beside it, where files need no name")
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
        #expect(onto?.problem == "is a folder")
        #expect(onto?.exitStatus == .cannotCreate)
        #expect(scratch.contents == ["folder"])
    }

    @Test("follows links, and leaves them; one that leads nowhere gets its file")
    func links() throws {
        let folder = scratch.folder("data")
        scratch.write("data/old", [7])
        unsafe _ = symlink("data/old", scratch.file("link"))
        unsafe _ = symlink(scratch.file("link"), scratch.file("chain"))
        unsafe _ = symlink("data/new", scratch.file("dangling"))
        unsafe _ = symlink("loop", scratch.file("loop"))
        for (name, target) in [("link", "old"), ("chain", "old"), ("dangling", "new")] {
            try AtomicFile.check(scratch.file(name))
            try AtomicFile.write(Array(name.utf8), to: scratch.file(name))
            #expect(Scratch.read("\(folder)/\(target)") == Array(name.utf8))
            var status = stat()
            #expect(unsafe lstat(scratch.file(name), &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
        }
        #expect(error { () throws(FileError) in try AtomicFile.write([], to: scratch.file("loop")) }?.code == ELOOP)
        #expect(scratch.contents.count == 5)
    }

    @Test("keeps the permissions of the file that it replaces", arguments: [mode_t(0o600), 0o640, 0o666, 0o755])
    func permissions(mode: mode_t) throws {
        let path = scratch.write("x", [1])
        unsafe _ = chmod(path, mode)
        try AtomicFile.write([2], to: path)
        var status = stat()
        #expect(unsafe stat(path, &status) == 0 && status.st_mode & 0o7777 == mode)
    }

    @Test("writes into a pipe and a character device, which stay what they are")
    func streams() throws {
        let pipe = scratch.file("pipe")
        try #require(unsafe mkfifo(pipe, 0o600) == 0)
        try AtomicFile.check([pipe, "/dev/null"])
        let reader = unsafe open(pipe, O_RDONLY | O_NONBLOCK)
        defer { close(reader) }
        try AtomicFile.write([1, 2, 3], to: pipe)
        var bytes = [UInt8](repeating: 0, count: 8)
        #expect(unsafe read(reader, &bytes, 8) == 3 && bytes[..<3] == [1, 2, 3])
        try AtomicFile.write([1], to: "/dev/null")
        var status = stat()
        #expect(unsafe stat("/dev/null", &status) == 0 && status.st_mode & S_IFMT == S_IFCHR)
        #expect(scratch.contents == ["pipe"])
        let full = error { () throws(FileError) in try AtomicFile.write([1], to: "/dev/full") }
        #expect(full?.exitStatus == .inputOutput)
        let file = unsafe open(scratch.file("x"), O_WRONLY | O_CREAT, 0o600)
        defer { close(file) }
        for byte: UInt8 in [4, 5] { try AtomicFile.write([byte], to: "/dev/fd/\(file)") }
        #expect(Scratch.read(scratch.file("x")) == [4, 5])
    }

    @Test("replaces nothing that is no file", arguments: ["folder", "socket"])
    func others(kind: String) throws {
        let path = scratch.file("x")
        if kind == "folder" { _ = scratch.folder("x") } else { try #require(bindSocket(path)) }
        for failed in [
            error { () throws(FileError) in try AtomicFile.check(path) },
            error { () throws(FileError) in try AtomicFile.write([1], to: path) },
        ] {
            #expect(failed?.description == "\(path): file: is a \(kind); give the path of a file")
            #expect(failed?.exitStatus == .cannotCreate)
        }
        #expect(scratch.contents == ["x"])
    }

    /// A socket at a path, left behind at once.
    private func bindSocket(_ path: String) -> Bool {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8CString)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { place in
            unsafe bytes.withUnsafeBytes { unsafe place.copyMemory(from: $0) }
        }
        return unsafe withUnsafePointer(to: &address) { address in
            unsafe bind(
                descriptor, UnsafeRawPointer(address).assumingMemoryBound(to: sockaddr.self),
                socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
        }
    }

    @Test("is no input of the same command, by whatever name, and no other output")
    func overlaps() throws {
        let input = scratch.write("in", [1])
        unsafe _ = symlink("in", scratch.file("link"))
        unsafe _ = link(input, scratch.file("hard"))
        for output in [input, scratch.file("link"), scratch.file("hard"), scratch.path + "/./in"] {
            let failed = error { () throws(FileError) in try AtomicFile.check([output], reading: ["/none", input]) }
            #expect(failed?.exitStatus == .usage, "\(output)")
        }
        let new = scratch.file("new")
        try AtomicFile.check([new, scratch.file("other")], reading: [input])
        let twice = error { () throws(FileError) in try AtomicFile.check([new, scratch.path + "//new"]) }
        #expect(twice?.description.hasSuffix("is another output of the same command; give another path") == true)
        #expect(scratch.contents == ["hard", "in", "link"])
    }

    @Test("removes what killed writers have left, and nothing else")
    func stale() throws {
        let (ours, live) = (".hfloc-0123456789abcdef.tmp", ".hfloc-fedcba9876543210.tmp")
        let kept = [".hfloc-0123.tmp", ".hfloc-0123456789abcdef.old", "hfloc-0123456789abcdef.tmp"]
        for name in [ours, live] + kept { scratch.write(name, [1]) }
        unsafe _ = mkfifo(scratch.file(".hfloc-aaaaaaaaaaaaaaaa.tmp"), 0o600)
        let writer = unsafe open(scratch.file(live), O_WRONLY)
        defer { close(writer) }
        try #require(flock(writer, LOCK_EX) == 0)
        try AtomicFile.write([2], to: scratch.file("x"))
        #expect(Set(scratch.contents) == Set([live, "x", ".hfloc-aaaaaaaaaaaaaaaa.tmp"] + kept))
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
