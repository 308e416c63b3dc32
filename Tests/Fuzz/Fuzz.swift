import Glibc

/// Feeds a reader of bytes from outside with what libFuzzer makes up, guided by the code that is reached: `tools/fuzz`
/// builds and calls it. The program's main is libFuzzer's.
///
///     fuzz                         names the targets
///     fuzz seeds FOLDER            writes good inputs, a folder for each target
///     fuzz TARGET [libFuzzer's]    fuzzes one
enum Fuzz {
    static let targets = FuzzTarget.files + FuzzTarget.texts + FuzzTarget.images + FuzzTarget.peers

    /// The one that is fuzzed: set once, before the first input.
    nonisolated(unsafe) static var chosen: FuzzTarget?

    static func begin(_ arguments: [String]) {
        guard let name = arguments.first else {
            print(targets.map(\.name).joined(separator: "\n"))
            exit(0)
        }
        if name == "seeds", arguments.count == 2 {
            writeSeeds(arguments[1])
            exit(0)
        }
        guard let target = targets.first(where: { $0.name == name }) else { exit(64) }
        unsafe chosen = target
    }

    private static func writeSeeds(_ folder: String) {
        unsafe mkdir(folder, 0o755)
        for target in targets {
            unsafe mkdir("\(folder)/\(target.name)", 0o755)
            for (index, seed) in target.seeds().enumerated() {
                FuzzFile.write("\(folder)/\(target.name)/seed-\(index)", seed)
            }
        }
    }
}

/// libFuzzer calls this first. It ignores arguments that it does not know, but takes a word for a folder: the target's
/// name is taken out.
@_cdecl("LLVMFuzzerInitialize")
func fuzzerInitialize(
    _ count: UnsafeMutablePointer<Int32>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>
) -> Int32 {
    let words = (0..<Int(unsafe count.pointee)).compactMap { index in
        unsafe arguments.pointee[index].map { unsafe String(cString: $0) }
    }
    Fuzz.begin(Array(words.dropFirst()))
    for index in 1..<Int(unsafe count.pointee) { unsafe arguments.pointee[index] = arguments.pointee[index + 1] }
    unsafe count.pointee -= 1
    return 0
}

/// libFuzzer calls this with each input.
@_cdecl("LLVMFuzzerTestOneInput")
func fuzzerTestOneInput(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
    unsafe Fuzz.chosen?.read(Array(UnsafeBufferPointer(start: bytes, count: count)))
    return 0
}

/// A reader, and inputs that it takes.
struct FuzzTarget: Sendable {
    let name: String
    let seeds: @Sendable () -> [[UInt8]]
    /// Must return, whatever it is given.
    let read: @Sendable ([UInt8]) -> Void

    init(
        _ name: String, seeds: @escaping @autoclosure @Sendable () -> [[UInt8]],
        read: @escaping @Sendable ([UInt8]) -> Void
    ) {
        self.name = name
        self.seeds = seeds
        self.read = read
    }
}

/// Files in memory for readers that take a path.
enum FuzzFile {
    /// Of this process.
    static let folder: String = {
        let path = "/dev/shm/hfloc-fuzz-\(getpid())"
        unsafe mkdir(path, 0o700)
        return path
    }()

    static func write(_ path: String, _ bytes: [UInt8]) {
        guard let file = unsafe fopen(path, "w") else { return }
        unsafe fwrite(bytes, 1, bytes.count, file)
        unsafe fclose(file)
    }

    /// The path of a file with this content; the next call overwrites it.
    static func file(_ bytes: [UInt8], named name: String = "input") -> String {
        let path = "\(folder)/\(name)"
        write(path, bytes)
        return path
    }

    /// A folder of these files, whose contents are separated by a zero byte and a star in the input.
    static func folder(_ bytes: [UInt8], named name: String, files: [String]) -> String {
        let path = "\(folder)/\(name)"
        unsafe mkdir(path, 0o700)
        var rest = bytes[...]
        for file in files {
            let end = rest.indices.dropLast().first { rest[$0] == 0 && rest[$0 + 1] == UInt8(ascii: "*") }
            write("\(path)/\(file)", Array(rest[..<(end ?? rest.endIndex)]))
            rest = end.map { rest[($0 + 2)...] } ?? []
        }
        return path
    }

    /// The files' contents as ``folder(_:named:files:)`` takes them apart.
    static func joined(_ contents: [[UInt8]]) -> [UInt8] {
        Array(contents.joined(separator: [0, UInt8(ascii: "*")]))
    }
}
