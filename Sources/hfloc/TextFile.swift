internal import Container
internal import FailureReporting
internal import Glibc

/// Small text files, whole.
enum TextFile {
    /// The file's text; bytes that are not UTF-8 are replaced.
    static func read(_ path: String) throws(Failure) -> String {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw Failure(.missingInput, "\(path): cannot be opened (\(reason())); check the path")
        }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = unsafe Glibc.read(descriptor, &chunk, chunk.count)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw Failure(.inputOutput, "\(path): reading failed (\(reason()))") }
            if count == 0 { return String(decoding: bytes, as: UTF8.self) }
            bytes.append(contentsOf: chunk[..<count])
        }
    }

    /// Writes `text`, all or nothing.
    static func write(_ text: String, to path: String) throws(Failure) {
        let file: TemporaryFile
        do { file = try TemporaryFile(replacing: path) } catch {
            throw Failure(.cannotCreate, error.description)
        }
        do throws(ContainerError) {
            try unsafe Array(text.utf8).span.withUnsafeBytes { (bytes) throws(ContainerError) in
                try unsafe file.write(bytes)
            }
            try file.commit()
        } catch {
            file.discard()
            throw Failure(.inputOutput, error.description)
        }
    }

    private static func reason() -> String {
        unsafe String(cString: strerror(errno))
    }
}
