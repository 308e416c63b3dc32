internal import Glibc

/// Where the model file is.
enum ModelLocation {
    private static let name = "hfnet.safetensors"

    /// The path given, else $HFLOC_MODEL, else the first that exists: installed beside the program, in the checkout that built it, in /usr/share.
    static func resolve(_ option: String?) throws(CommandFailure) -> String {
        if let option { return option }
        if let variable = unsafe getenv("HFLOC_MODEL") { return unsafe String(cString: variable) }
        let candidates = candidates()
        for path in candidates where unsafe access(path, R_OK) == 0 { return path }
        throw CommandFailure(
            .missingInput,
            "model: not found in \(candidates.joined(separator: ", ")); give --model FILE or set HFLOC_MODEL")
    }

    private static func candidates() -> [String] {
        var paths: [String] = []
        var folder = executableFolder()[...]
        paths.append("\(folder)/../share/hfloc/\(name)")
        while !folder.isEmpty {
            paths.append("\(folder)/Sources/Inference/Model/\(name)")
            folder = folder.lastIndex(of: "/").map { folder[..<$0] } ?? ""
        }
        paths.removeAll { unsafe $0.contains("/Sources/") && access($0, R_OK) != 0 }
        return paths + ["/usr/share/hfloc/\(name)"]
    }

    private static func executableFolder() -> String {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = unsafe readlink("/proc/self/exe", &buffer, buffer.count)
        guard count > 0 else { return "." }
        let path = String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    }
}
