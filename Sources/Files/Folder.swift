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

    /// Makes the folder at `path`, and those around it, where there is none yet; and refuses one that this user may not
    /// write to.
    public static func make(_ path: String) throws(FileError) {
        if unsafe mkdir(path, 0o755) != 0 && errno == ENOENT, let slash = path.lastIndex(of: "/"),
            slash > path.startIndex
        {
            try make(String(path[..<slash]))
            unsafe _ = mkdir(path, 0o755)
        }
        try requireWritable(path)
    }

    /// Removes the folder at `path` with the files in it, if there are no folders in it; what the system has against it
    /// is no error.
    public static func remove(_ path: String) {
        for name in (try? names(path)) ?? [] { FileStatus.remove(path + "/" + name) }
        unsafe _ = rmdir(path)
    }

    /// Refuses what is no folder, and one that this user may not write to.
    public static func requireWritable(_ path: String) throws(FileError) {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else {
            throw FileError(
                .uncreatable, path, errno, "is not there", cure: "check the folder around it and its permissions")
        }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            throw FileError(
                kind: .uncreatable, path: path, reason: "is no folder", code: 0, problem: "is no folder",
                cure: "give the path of a folder")
        }
        guard unsafe access(path, W_OK | X_OK) == 0 else {
            throw FileError(.uncreatable, path, errno, "cannot be written to", cure: "check its permissions")
        }
    }
}

/// What is at a path, without opening it.
public enum FileStatus {
    /// Whether anything is there: a file, a folder, a device.
    public static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

    /// The path without links and detours, as far as folders are there; its last name stays as it is.
    public static func place(_ path: String) -> String {
        let slash = path.lastIndex(of: "/")
        let folder = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        guard let real = unsafe realpath(folder, nil) else { return path }
        defer { unsafe free(real) }
        let name = slash.map { path[path.index(after: $0)...] } ?? path[...]
        let resolved = unsafe String(cString: real)
        return resolved == "/" ? "/\(name)" : "\(resolved)/\(name)"
    }

    /// Whether a regular file is there, links followed.
    package static func isFile(_ path: String) -> Bool {
        var status = stat()
        return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }

    /// Whether a file that can be read begins with `text`; a pipe is not waited for.
    package static func begins(_ path: String, with text: String) -> Bool {
        let descriptor = unsafe open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: text.utf8.count)
        return unsafe read(descriptor, &bytes, bytes.count) == bytes.count && bytes.elementsEqual(text.utf8)
    }

    /// Removes a file that can be made again; what the system has against it is no error.
    package static func remove(_ path: String) { unsafe _ = unlink(path) }

    /// Bytes of the file; 0 if there is none.
    public static func size(_ path: String) -> Int {
        var status = stat()
        return unsafe stat(path, &status) == 0 ? Int(status.st_size) : 0
    }
}
