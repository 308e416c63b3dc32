internal import Glibc

/// Folders and what is at a path.
public enum Folder {
    /// The names in the folder at `path`, hidden ones too, in the order of their UTF-8 bytes.
    public static func names(_ path: String) throws(FileError) -> [String] {
        guard let folder = unsafe opendir(path) else { throw .refused(path, errno) }
        defer { unsafe closedir(folder) }
        var names: [String] = []
        while let entry = unsafe readdir(folder) {
            // In place: an entry may be shorter than its type.
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
                unsafe String(cString: UnsafeRawPointer($0).assumingMemoryBound(to: CChar.self))
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}

/// What is at a path, without opening it.
public enum FileStatus {
    /// Whether anything is there: a file, a folder, a device.
    public static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

    /// Bytes of the file; 0 if there is none.
    public static func size(_ path: String) -> Int {
        var status = stat()
        return unsafe stat(path, &status) == 0 ? Int(status.st_size) : 0
    }
}
