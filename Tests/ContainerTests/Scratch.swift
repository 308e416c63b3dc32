import Glibc

/// A directory of its own for one test, removed with all its files at the end.
final class Scratch {
    let path: String

    init() {
        var template = Array("/tmp/hfloc-container-XXXXXX".utf8CString)
        guard unsafe mkdtemp(&template) != nil else { fatalError("no temporary directory") }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    func file(_ name: String) -> String { "\(path)/\(name)" }

    /// Names in the directory.
    var contents: [String] {
        guard let directory = unsafe opendir(path) else { return [] }
        defer { unsafe _ = closedir(directory) }
        var names: [String] = []
        while let entry = unsafe readdir(directory) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
                unsafe $0.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names
    }

    deinit {
        for name in contents { unsafe _ = unlink(file(name)) }
        _ = unsafe rmdir(path)
    }
}

func write(_ bytes: [UInt8], to path: String) {
    guard let stream = unsafe fopen(path, "w") else { fatalError("cannot write \(path)") }
    unsafe _ = fwrite(bytes, 1, bytes.count, stream)
    unsafe _ = fclose(stream)
}

func read(_ path: String) -> [UInt8] {
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

/// A safetensors file from a header's text and its data.
func container(_ header: String, data: [UInt8] = []) -> [UInt8] {
    let text = Array(header.utf8)
    return (0..<8).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) } + text + data
}
