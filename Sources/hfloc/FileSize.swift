internal import Glibc

enum FileSize {
    /// Bytes of the file at `path`; 0 if there is none.
    static func bytes(_ path: String) -> Int {
        var status = stat()
        return unsafe stat(path, &status) == 0 ? Int(status.st_size) : 0
    }
}
