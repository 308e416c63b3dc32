import Glibc

func removeFile(_ path: String) {
    unsafe _ = unlink(path)
}

/// Removes a folder with its files, two levels deep.
func removeFolder(_ path: String) {
    for name in list(path) {
        for inner in list("\(path)/\(name)") { removeFile("\(path)/\(name)/\(inner)") }
        unsafe _ = rmdir("\(path)/\(name)")
        removeFile("\(path)/\(name)")
    }
    unsafe _ = rmdir(path)
}

private func list(_ path: String) -> [String] {
    guard let folder = unsafe opendir(path) else { return [] }
    defer { unsafe closedir(folder) }
    var names: [String] = []
    while let entry = unsafe readdir(folder) {
        let name = unsafe withUnsafeBytes(of: entry.pointee.d_name) { bytes in
            unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        if name != "." && name != ".." { names.append(name) }
    }
    return names
}
