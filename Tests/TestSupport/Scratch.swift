internal import Glibc

/// A folder of its own for one test, removed with all that is in it at the end.
public final class Scratch {
    public let path: String

    public init() {
        var template = Array("/tmp/hfloc-test-XXXXXX".utf8CString)
        guard unsafe mkdtemp(&template) != nil else { fatalError("no temporary folder") }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit { removeRecursively(path) }

    /// The path of a name in the folder.
    public func file(_ name: String) -> String { "\(path)/\(name)" }

    /// Names in the folder.
    public var contents: [String] { namesInFolder(path) }
}

/// Writes a test's file, in place.
public func writeFile(_ bytes: [UInt8], to path: String) {
    guard let stream = unsafe fopen(path, "w") else { fatalError("cannot write \(path)") }
    unsafe _ = fwrite(bytes, 1, bytes.count, stream)
    unsafe _ = fclose(stream)
}

/// The bytes of a test's file.
public func readFile(_ path: String) -> [UInt8] {
    guard let stream = unsafe fopen(path, "r") else { fatalError("cannot read \(path)") }
    defer { unsafe _ = fclose(stream) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
        let count = unsafe fread(&buffer, 1, buffer.count, stream)
        if count == 0 { return bytes }
        bytes += buffer[..<count]
    }
}
