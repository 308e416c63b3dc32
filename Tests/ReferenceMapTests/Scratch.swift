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

    deinit { remove(path) }

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

    /// The names in a folder, sorted.
    static func list(_ path: String) -> [String] {
        guard let folder = unsafe opendir(path) else { return [] }
        defer { unsafe closedir(folder) }
        var names: [String] = []
        while let entry = unsafe readdir(folder) {
            let name = unsafe withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    private func remove(_ path: String) {
        for name in Self.list(path) { remove("\(path)/\(name)") }
        if unsafe unlink(path) != 0 { unsafe rmdir(path) }
    }
}

/// SplitMix64 (Steele, Lea, Flood 2014), seeded by a test's name.
struct NamedGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(_ name: String) {
        // FNV-1a.
        state = name.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
