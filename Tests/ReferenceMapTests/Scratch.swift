import TestSupport
#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A folder that lives as long as the value, for a test's files.
final class Scratch {
    let path: String

    init() {
        var template = Array("/tmp/hfloc-test.XXXXXX".utf8CString)
        precondition(unsafe mkdtemp(&template) != nil, "no temporary folder")
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit { removeRecursively(path) }

    func folder(_ name: String) -> String {
        precondition(unsafe mkdir("\(path)/\(name)", 0o755) == 0, "no folder")
        return "\(path)/\(name)"
    }

    func write(_ name: String, _ bytes: [UInt8]) -> String {
        let file = "\(path)/\(name)"
        guard let stream = unsafe fopen(file, "wb") else { preconditionFailure("cannot write \(file)") }
        precondition(unsafe fwrite(bytes, 1, bytes.count, stream) == bytes.count, "short write")
        unsafe fclose(stream)
        return file
    }

    func write(_ name: String, text: String) -> String { write(name, Array(text.utf8)) }

    static func read(_ path: String) -> [UInt8] {
        guard let stream = unsafe fopen(path, "rb") else { preconditionFailure("cannot read \(path)") }
        defer { unsafe fclose(stream) }
        unsafe fseek(stream, 0, SEEK_END)
        var bytes = [UInt8](repeating: 0, count: unsafe ftell(stream))
        unsafe rewind(stream)
        precondition(unsafe fread(&bytes, 1, bytes.count, stream) == bytes.count, "short read")
        return bytes
    }
}
