internal import Glibc

/// A folder of its own for one test, removed with all that is in it at the end.
public final class Scratch {
    public let path: String

    public init() {
        var template = Array("/tmp/hfloc-test-XXXXXX".utf8CString)
        precondition(unsafe mkdtemp(&template) != nil, "no temporary folder")
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit { removeRecursively(path) }

    /// The path of a name in the folder.
    public func file(_ name: String) -> String { "\(path)/\(name)" }

    /// Names in the folder.
    public var contents: [String] { namesInFolder(path) }

    /// The path of a new folder in the folder.
    public func folder(_ name: String) -> String {
        precondition(unsafe mkdir(file(name), 0o755) == 0, "no folder")
        return file(name)
    }

    /// The path of a file with these bytes, written in place.
    @discardableResult public func write(_ name: String, _ bytes: [UInt8]) -> String {
        guard let stream = unsafe fopen(file(name), "wb") else { preconditionFailure("cannot write \(file(name))") }
        precondition(unsafe fwrite(bytes, 1, bytes.count, stream) == bytes.count, "short write")
        unsafe fclose(stream)
        return file(name)
    }

    /// The path of a file with this text.
    @discardableResult public func write(_ name: String, text: String) -> String { write(name, Array(text.utf8)) }

    /// The bytes of a file.
    public static func read(_ path: String) -> [UInt8] {
        guard let stream = unsafe fopen(path, "rb") else { preconditionFailure("cannot read \(path)") }
        defer { unsafe fclose(stream) }
        unsafe fseek(stream, 0, SEEK_END)
        var bytes = [UInt8](repeating: 0, count: unsafe ftell(stream))
        unsafe rewind(stream)
        precondition(unsafe fread(&bytes, 1, bytes.count, stream) == bytes.count, "short read")
        return bytes
    }
}
