internal import Files

/// The text of a small file that a person wrote, as bytes of UTF-8.
package enum TextFile {
    private static let largest = 1 << 20

    /// - Parameters:
    ///   - path: the file.
    ///   - what: what is expected there, such as "a camera file".
    package static func read(_ path: String, what: String) throws(ConfigurationError) -> [UInt8] {
        do throws(FileError) {
            return try PlainText.read(path, atMost: largest, acceptsStreams: true)
        } catch {
            switch error.kind {
            case .missing:
                throw ConfigurationError(.missing, file: path, "does not exist; give the path of \(what)")
            case .unreadable, .irregular, .uncreatable, .unwritable, .overlapping:
                throw ConfigurationError(.unreadable, file: path, "cannot be read (\(error.reason)); is it a file?")
            case .tooLarge: throw ConfigurationError(file: path, "is \(error.reason), and so not \(what)")
            case .notText: throw ConfigurationError(file: path, "\(error.problem); \(error.cure)")
            }
        }
    }
}
