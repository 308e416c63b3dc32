internal import Container

/// Text files that the program writes: whole or not at all.
enum OutputFile {
    /// Throws ``ContainerError``.
    static func write(_ text: String, to path: String) throws(ContainerError) {
        let file = try TemporaryFile(replacing: path)
        do throws(ContainerError) {
            try unsafe Array(text.utf8).span.withUnsafeBytes { (bytes) throws(ContainerError) in
                try unsafe file.write(bytes)
            }
            try file.commit()
        } catch {
            file.discard()
            throw error
        }
    }
}
