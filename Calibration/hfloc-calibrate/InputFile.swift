internal import Configuration
internal import Container
internal import Errors
internal import Glibc

/// Text files that a command reads.
enum InputFile {
    /// The whole text.
    static func text(_ path: String) throws -> String {
        guard let file = unsafe fopen(path, "re") else {
            let code = errno
            let status: ExitStatus = code == ENOENT || code == ENOTDIR ? .missingInput : .inputOutput
            throw Failure(status, "\(path): cannot be opened: \(unsafe String(cString: strerror(code)))")
        }
        defer { unsafe fclose(file) }
        var (bytes, buffer) = ([UInt8](), [UInt8](repeating: 0, count: 1 << 16))
        while case let count = unsafe fread(&buffer, 1, buffer.count, file), count > 0 { bytes += buffer[..<count] }
        guard unsafe ferror(file) == 0 else {
            throw Failure(.inputOutput, "\(path): cannot be read; is it a file?")
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// BLAKE2b-256 of a file's bytes, in hexadecimal digits.
    static func hash(_ path: String) throws(ConfigurationError) -> String {
        guard let file = unsafe fopen(path, "re") else {
            throw ConfigurationError(.missing, file: path, "was there a moment ago; why is it gone?")
        }
        defer { unsafe fclose(file) }
        var hasher = Hasher256()
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = unsafe fread(&buffer, 1, buffer.count, file), count > 0 {
            unsafe buffer.withUnsafeBytes { unsafe hasher.update(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
        }
        guard unsafe ferror(file) == 0 else { throw ConfigurationError(.unreadable, file: path, "cannot be read") }
        return hasher.finish().description
    }
}
