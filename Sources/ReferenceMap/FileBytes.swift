import Container

#if canImport(Glibc)
    private import Glibc
#elseif canImport(Musl)
    private import Musl
#endif

/// Whole files, with errors that the map's readers throw.
enum FileBytes {
    /// The content of the file at `path`, at most `limit` bytes.
    static func read(_ path: String, limit: Int = 8 << 30) throws(MapError) -> [UInt8] {
        do throws(FileError) {
            return try WholeFile.read(path, atMost: limit)
        } catch {
            switch error.kind {
            case .missing:
                throw MapError(.missing, file: path, field: "file", problem: "does not exist", cure: "check the path")
            case .unreadable:
                throw MapError(
                    .unreadable, file: path, field: "file", problem: error.reason,
                    cure: "check that it is a readable file")
            case .tooLarge:
                throw MapError(
                    .damaged, file: path, field: "size", problem: error.reason,
                    cure: "split it, or check that it is what its name says")
            }
        }
    }

    /// Whether something is at `path`.
    static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

    /// Writes `bytes` to `path`, all or nothing.
    static func replace(_ path: String, with bytes: [UInt8]) throws(MapError) {
        do throws(ContainerError) {
            let file = try TemporaryFile(replacing: path)
            do throws(ContainerError) {
                try unsafe bytes.span.withUnsafeBytes { (buffer) throws(ContainerError) in
                    try unsafe file.write(buffer)
                }
                try file.commit()
            } catch {
                file.discard()
                throw error
            }
        } catch {
            throw MapError(writing: error)
        }
    }
}
