internal import Container
internal import Errors

/// Files that the program writes: whole or not at all.
enum OutputFile {
    /// - Throws: `Failure`: the file cannot be created.
    static func write(_ text: String, to path: String) throws(Failure) {
        try write(Array(text.utf8), to: path)
    }

    /// - Throws: `Failure`: the file cannot be created.
    static func write(_ bytes: [UInt8], to path: String) throws(Failure) {
        do throws(ContainerError) {
            try replace(path, by: bytes)
        } catch {
            throw Failure(.cannotCreate, error.description)
        }
    }

    private static func replace(_ path: String, by bytes: [UInt8]) throws(ContainerError) {
        let file = try TemporaryFile(replacing: path)
        do throws(ContainerError) {
            try unsafe bytes.span.withUnsafeBytes { (bytes) throws(ContainerError) in
                try unsafe file.write(bytes)
            }
            try file.commit()
        } catch {
            file.discard()
            throw error
        }
    }
}
