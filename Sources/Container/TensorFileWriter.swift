public import Files

/// Collects named tensors and metadata, and writes them as one safetensors file: all or nothing.
///
/// Layout: the header is padded with spaces so that the data starts at a multiple of 64 bytes. The format allows no
/// holes, so tensors are ordered by the largest power of two (up to 64) that divides their size, largest first, then by
/// name: each then starts at a multiple of that power, which is at least its element's alignment, and 64 for every
/// tensor that is whole cache lines.
public struct TensorFileWriter {
    private struct Entry {
        let name: String
        let type: ElementType
        let shape: [Int]
        let size: Int
        let values: any TensorBytes

        /// The largest power of two, at most 64, that divides the size.
        var alignment: Int { 1 << min(6, size.trailingZeroBitCount) }
    }

    private var metadata: [String: String] = [:]
    private var entries: [Entry] = []

    /// A file without tensors that says what it is: `kind`, and the `version` of that kind's format.
    public init(kind: String, version: Int) {
        metadata["kind"] = kind
        metadata["format_version"] = String(version)
    }

    /// Sets an entry, in place of one with the same key.
    public mutating func setMetadata(_ key: String, _ value: String) {
        metadata[key] = value
    }

    /// Adds a tensor; `shape` defaults to one dimension. The values are not copied while nobody changes them.
    public mutating func add<Element: TensorElement>(_ name: String, _ values: [Element], shape: [Int]? = nil) {
        let shape = shape ?? [values.count]
        precondition(shape.allSatisfy { $0 >= 0 } && shape.reduce(1, *) == values.count, "shape and values disagree")
        precondition(name != "__metadata__" && !entries.contains { $0.name == name }, "a tensor's name occurs twice")
        entries.append(
            Entry(
                name: name, type: Element.elementType, shape: shape,
                size: values.count * MemoryLayout<Element>.stride, values: values))
    }

    /// Adds a tensor of another file as it is, of any type. The file stays open until this one is written.
    public mutating func add(_ name: String, from file: TensorFile) {
        guard let (type, shape) = file.description(of: name) else {
            preconditionFailure("the file that is copied from has no tensor '\(name)'")
        }
        precondition(!entries.contains { $0.name == name }, "a tensor's name occurs twice")
        let size = shape.reduce(1, *) * type.size
        entries.append(
            Entry(name: name, type: type, shape: shape, size: size, values: StoredTensor(file: file, name: name)))
    }

    /// Writes `path`, whole or not at all (`AtomicFile`). Adds `tensor_hashes`, and the whole file's hash
    /// (``FileIdentity/wholeFile``) as the metadata entry `identity` if named, which is returned. `syncs` as of
    /// `AtomicFile`.
    @discardableResult
    public func write(to path: String, identity: String? = nil, syncs: Bool = true) throws(FileError) -> Hash256 {
        var metadata = self.metadata
        let byName = entries.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        let hashes = byName.map { entry in
            var hasher = Hasher256()
            unsafe entry.values.withBytes { bytes in unsafe hasher.update(bytes) }
            return JSON.Member(entry.name, .string(hasher.finish().description))
        }
        metadata["tensor_hashes"] = JSON.object(hashes).text
        let hash = FileIdentity.hash(
            of: metadata, without: identity, tensors: byName.map { ($0.name, $0.type, $0.shape) })
        if let identity { metadata[identity] = hash.description }

        let ordered = byName.sorted { ($1.alignment, $0.name) < ($0.alignment, $1.name) }
        let header = Self.header(ordered, metadata: metadata)
        try AtomicFile.write(to: path, syncs: syncs) { (file) throws(FileError) in
            try unsafe header.withBytes { (bytes) throws(FileError) in try unsafe file.append(bytes) }
            for entry in ordered {
                try unsafe entry.values.withBytes { (bytes) throws(FileError) in try unsafe file.append(bytes) }
            }
        }
        return hash
    }

    /// Length, JSON and padding, a multiple of 64 bytes.
    private static func header(_ ordered: [Entry], metadata: [String: String]) -> [UInt8] {
        let pairs = metadata.sorted { $0.key < $1.key }.map { JSON.Member($0.key, .string($0.value)) }
        var members = [JSON.Member("__metadata__", .object(pairs))]
        var offset = 0
        for entry in ordered {
            let sizes = entry.shape.map { JSON.number(String($0)) }
            let offsets = [offset, offset + entry.size].map { JSON.number(String($0)) }
            offset += entry.size
            members.append(
                JSON.Member(
                    entry.name,
                    .object([
                        JSON.Member("dtype", .string(entry.type.rawValue)), JSON.Member("shape", .array(sizes)),
                        JSON.Member("data_offsets", .array(offsets)),
                    ])))
        }
        var text = Array(JSON.object(members).text.utf8)
        while (text.count + 8) % 64 != 0 { text.append(UInt8(ascii: " ")) }
        precondition(text.count <= TensorHeader.maximumLength, "a header that no reader would take")
        let length = (0..<8).map { UInt8(truncatingIfNeeded: UInt64(text.count) >> UInt64(8 * $0)) }
        return length + text
    }
}

/// Values whose memory can be written as it is.
private protocol TensorBytes {
    func withBytes<Failure: Error>(_ body: (UnsafeRawBufferPointer) throws(Failure) -> Void) throws(Failure)
}

/// A tensor that lies in a file.
private struct StoredTensor: TensorBytes {
    let file: TensorFile
    let name: String

    func withBytes<Failure: Error>(_ body: (UnsafeRawBufferPointer) throws(Failure) -> Void) throws(Failure) {
        try unsafe file.withBytes(of: name) { (bytes) throws(Failure) in try unsafe body(bytes) }
    }
}

extension Array: TensorBytes where Element: TensorElement {
    fileprivate func withBytes<Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Void
    ) throws(Failure) {
        try unsafe self.withUnsafeBufferPointer { (buffer) throws(Failure) in
            try unsafe body(UnsafeRawBufferPointer(buffer))
        }
    }
}
