internal import Glibc

/// The names in a folder, sorted; none if it cannot be read.
public func namesInFolder(_ path: String) -> [String] {
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

/// Removes a file, or a folder with all that is in it.
public func removeRecursively(_ path: String) {
    for name in namesInFolder(path) { removeRecursively("\(path)/\(name)") }
    if unsafe unlink(path) != 0 { unsafe rmdir(path) }
}
