internal import Glibc

/// Small text files, whole.
enum TextFile {
    /// The file's text; bytes that are not UTF-8 are replaced.
    static func read(_ path: String) throws(CommandFailure) -> String {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw CommandFailure(.missingInput, "\(path): cannot be opened (\(reason())); check the path")
        }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = unsafe Glibc.read(descriptor, &chunk, chunk.count)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw CommandFailure(.inputOutput, "\(path): reading failed (\(reason()))") }
            if count == 0 { return String(decoding: bytes, as: UTF8.self) }
            bytes.append(contentsOf: chunk[..<count])
        }
    }

    /// Writes `text` beside `path` and renames it: a reader sees the old file or the whole new one.
    static func write(_ text: String, to path: String) throws(CommandFailure) {
        let temporary = "\(path).tmp\(getpid())"
        let descriptor = unsafe open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw CommandFailure(.cannotCreate, "\(path): cannot be created (\(reason())); check the folder")
        }
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { break }
            rest = rest.dropFirst(count)
        }
        let complete = rest.isEmpty && fsync(descriptor) == 0
        let closed = close(descriptor) == 0
        guard complete, closed, unsafe rename(temporary, path) == 0 else {
            let cause = reason()
            unsafe unlink(temporary)
            throw CommandFailure(.inputOutput, "\(path): writing failed (\(cause)); check the space left")
        }
    }

    private static func reason() -> String {
        unsafe String(cString: strerror(errno))
    }
}
