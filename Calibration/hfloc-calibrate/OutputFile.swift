internal import Container

/// Files that the program writes: whole or not at all.
enum OutputFile {
    /// Throws ``ContainerError``.
    static func write(_ text: String, to path: String) throws(ContainerError) {
        try write(Array(text.utf8), to: path)
    }

    /// Throws ``ContainerError``.
    static func write(_ bytes: [UInt8], to path: String) throws(ContainerError) {
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
