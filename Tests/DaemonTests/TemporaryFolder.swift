import Glibc
import TestSupport

/// A folder that exists as long as this object.
final class TemporaryFolder {
    let path: String

    init() {
        var name = Array("/tmp/hfloc-test-XXXXXX".utf8CString)
        unsafe mkdtemp(&name)
        path = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit { removeRecursively(path) }

    /// Writes a file, and gives its path.
    @discardableResult func write(_ name: String, _ bytes: [UInt8], mode: mode_t = 0o600) -> String {
        let file = "\(path)/\(name)"
        unsafe unlink(file)
        let descriptor = unsafe open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
        _ = unsafe Glibc.write(descriptor, bytes, bytes.count)
        close(descriptor)
        unsafe chmod(file, mode)
        return file
    }

    @discardableResult func write(_ name: String, _ text: String, mode: mode_t = 0o600) -> String {
        write(name, Array(text.utf8), mode: mode)
    }

    /// Makes a folder in it, and gives its path.
    func folder(_ name: String) -> String {
        let folder = "\(path)/\(name)"
        unsafe mkdir(folder, 0o700)
        return folder
    }
}
