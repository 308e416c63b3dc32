/// What the identity of a file of ours covers.
public enum FileIdentity: Sendable {
    /// The tensors' bytes, in the order of their names, and nothing of the metadata: maps and models of version 1.
    case tensors
    /// The header, in which every tensor has its hash: all metadata, known or not, but the identity itself; and name,
    /// type and shape of every tensor.
    case wholeFile

    /// The hash of ``wholeFile``: over the number of metadata entries and each one's key and value, in the order of the
    /// keys' UTF-8 bytes; then over the number of tensors and each one's name, type and shape (its sizes joined by
    /// commas), in the order of the names. Numbers are 8 bytes, little-endian; a text is its number of bytes, then its
    /// UTF-8.
    ///
    /// - Parameters:
    ///   - metadata: of the file, `tensor_hashes` among it.
    ///   - identity: the entry that the hash will be, which it cannot cover.
    ///   - tensors: in the order of their names.
    static func hash(
        of metadata: [String: String], without identity: String?,
        tensors: [(name: String, type: ElementType, shape: [Int])]
    ) -> Hash256 {
        let entries = metadata.filter { $0.key != identity }
            .sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        var text = HashedText()
        text.add(entries.count)
        for (key, value) in entries {
            text.add(key)
            text.add(value)
        }
        text.add(tensors.count)
        for tensor in tensors {
            text.add(tensor.name)
            text.add(tensor.type.rawValue)
            text.add(tensor.shape.map(String.init).joined(separator: ","))
        }
        return Hash256(of: text.bytes)
    }
}

/// Texts that can be told apart once they stand behind each other.
private struct HashedText {
    private(set) var bytes: [UInt8] = []

    mutating func add(_ number: Int) {
        bytes += (0..<8).map { UInt8(truncatingIfNeeded: UInt64(number) >> UInt64(8 * $0)) }
    }

    mutating func add(_ text: String) {
        add(text.utf8.count)
        bytes += text.utf8
    }
}
