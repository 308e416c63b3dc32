internal import Glibc

/// A folder that exists as long as this object.
public final class TemporaryFolder: Sendable {
    public let path: String

    public init() {
        var template = Array("/tmp/hfloc-test.XXXXXX".utf8CString)
        precondition(unsafe mkdtemp(&template) != nil, "no temporary folder")
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit { removeRecursively(path) }

    /// Where a file of this name is, or would be.
    public func file(_ name: String) -> String { "\(path)/\(name)" }

    /// Writes a file, in folders of the folder if the name has slashes.
    public func write(_ name: String, _ bytes: [UInt8]) {
        for slash in name.indices where name[slash] == "/" { unsafe mkdir(file(String(name[..<slash])), 0o755) }
        guard let stream = unsafe fopen(file(name), "wb") else { preconditionFailure("cannot write \(name)") }
        precondition(unsafe fwrite(bytes, 1, bytes.count, stream) == bytes.count, "short write")
        unsafe fclose(stream)
    }

    public func write(_ name: String, _ text: String) { write(name, Array(text.utf8)) }

    /// A file's bytes; none if it is not there.
    public func bytes(_ name: String) -> [UInt8] {
        guard let stream = unsafe fopen(file(name), "rb") else { return [] }
        defer { unsafe fclose(stream) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = unsafe fread(&chunk, 1, chunk.count, stream), count > 0 { bytes += chunk[..<count] }
        return bytes
    }
}
