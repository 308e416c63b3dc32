internal import Glibc

/// The bytes of a small file that a person wrote.
package enum TextFile {
    private static let largest = 1 << 20

    package static func read(_ path: String, what: String) throws(ConfigurationError) -> [UInt8] {
        guard let file = unsafe fopen(path, "re") else {
            let code = errno
            guard code == ENOENT || code == ENOTDIR else {
                throw ConfigurationError(
                    .unreadable, file: path, "cannot be opened: \(unsafe String(cString: strerror(code)))")
            }
            throw ConfigurationError(.missing, file: path, "does not exist; give the path of \(what)")
        }
        defer { unsafe fclose(file) }
        var bytes = [UInt8](repeating: 0, count: largest + 1)
        let count = unsafe fread(&bytes, 1, bytes.count, file)
        guard unsafe ferror(file) == 0 else {
            throw ConfigurationError(.unreadable, file: path, "cannot be read; is it a file?")
        }
        guard count <= largest else { throw ConfigurationError(file: path, "is larger than 1 MiB, and so not \(what)") }
        return Array(bytes[..<count])
    }
}
