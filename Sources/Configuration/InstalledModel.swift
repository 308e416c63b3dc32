public import Errors
internal import Glibc

/// Where the model file is when nobody says.
public enum InstalledModel {
    private static let name = "hfnet.safetensors"

    /// The path that somebody gives, else the installed model.
    public static func resolve(_ path: String?) throws(Failure) -> String {
        if let path = path ?? find() { return path }
        throw Failure(
            .missingInput,
            """
            model: not found in \(candidates().joined(separator: ", ")); \
            give --model FILE or set HFLOC_MODEL
            """
        )
    }

    /// $HFLOC_MODEL, else the first that exists: installed beside the program, in the checkout that built it, in
    /// /usr/share. nil if there is none.
    public static func find() -> String? {
        if let variable = unsafe getenv("HFLOC_MODEL") { return unsafe String(cString: variable) }
        return candidates().first { unsafe access($0, R_OK) == 0 }
    }

    /// Where it is looked for.
    public static func candidates() -> [String] {
        var folder = executableFolder()[...]
        let beside = "\(folder)/../share/hfloc/\(name)"
        var checkout: [String] = []
        while !folder.isEmpty {
            checkout.append("\(folder)/Sources/Inference/Model/\(name)")
            folder = folder.lastIndex(of: "/").map { folder[..<$0] } ?? ""
        }
        return [beside] + checkout.filter { unsafe access($0, R_OK) == 0 } + ["/usr/share/hfloc/\(name)"]
    }

    private static func executableFolder() -> String {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = unsafe readlink("/proc/self/exe", &buffer, buffer.count)
        guard count > 0 else { return "." }
        let path = String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    }
}
