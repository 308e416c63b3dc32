public import Files

/// A safetensors file in memory, mapped or copied, and checked: named tensors, read in place, and metadata.
///
/// Of a mapped file, opening reads the header only, whatever its size; `verify` reads everything.
public struct TensorFile: Sendable {
    /// Of the file, as it was given: later errors name it.
    public let path: String
    /// The header's `__metadata__`: in files of ours `kind`, `format_version` and what the kind defines.
    public let metadata: [String: String]
    /// Names of the tensors, in the order of their UTF-8 bytes.
    public let names: [String]
    private let mapping: FileMapping
    private let entries: [String: TensorHeader.Entry]

    /// A header's length and the least header, `{}`.
    private static let leastBytes = 10

    /// Opens any safetensors file. Every length, offset, shape and name of its header is checked.
    ///
    /// - Parameters:
    ///   - path: of the file.
    ///   - limit: bytes. A file of at most so many is copied into memory, so that nobody can change what is read.
    public init(opening path: String, copyingUpTo limit: Int = 0) throws(ContainerError) {
        let mapping: FileMapping
        do throws(FileError) { mapping = try FileMapping(path, copyingUpTo: limit) } catch {
            throw ContainerError(error)
        }
        guard mapping.count >= Self.leastBytes else {
            throw ContainerError(
                .truncated, file: path, field: "file", reason: "has only \(mapping.count) bytes",
                cure: "fetch or build it again")
        }
        let text = unsafe mapping.bytes.assumingMemoryBound(to: UInt8.self)
        let header = try unsafe TensorHeader(reading: text.span, file: path)
        self.path = path
        self.mapping = mapping
        metadata = header.metadata
        names = header.entries.map(\.name)
        entries = Dictionary(uniqueKeysWithValues: header.entries.map { ($0.name, $0) })
    }

    /// Opens a file of ours: its metadata must say `kind`, and as `format_version` one of `versions`.
    public init(
        opening path: String, kind: String, versions: ClosedRange<Int>, copyingUpTo limit: Int = 0
    ) throws(ContainerError) {
        try self.init(opening: path, copyingUpTo: limit)
        guard let found = metadata["kind"] else {
            throw ContainerError(
                .foreign, file: path, field: "metadata 'kind'", reason: "is missing",
                cure: "give a file of kind '\(kind)'")
        }
        guard found == kind else {
            throw ContainerError(
                .foreign, file: path, field: "metadata 'kind'", reason: "is '\(found)'",
                cure: "give a file of kind '\(kind)'")
        }
        guard versions.contains(where: { metadata["format_version"] == String($0) }) else {
            let known = versions.map(String.init).joined(separator: ", ")
            throw ContainerError(
                .foreign, file: path, field: "metadata 'format_version'",
                reason: "is '\(metadata["format_version"] ?? "missing")', this program reads \(known)",
                cure: "build the file again with this version")
        }
    }

    /// As above, of one version.
    public init(opening path: String, kind: String, version: Int) throws(ContainerError) {
        try self.init(opening: path, kind: kind, versions: version...version)
    }

    /// Of the format of its kind; 0 in a file that is not ours.
    public var version: Int { metadata["format_version"].flatMap { Int($0) } ?? 0 }

    /// See `FileMapping`: whether what is read may have been changed by another program.
    public var hasChanged: Bool { mapping.hasChanged }

    /// Whether it was copied into memory.
    public var isCopy: Bool { mapping.isCopy }

    /// Writes the bytes that were opened to another path, whole or not at all.
    ///
    /// - Throws: `FileError`: it cannot be written, or the file has been written to meanwhile.
    public func write(copyTo path: String) throws(FileError) {
        try AtomicFile.write(to: path) { (file) throws(FileError) in
            try unsafe file.append(mapping.bytes)
            try mapping.requireUnchanged()
        }
    }

    /// Type and shape of a tensor, or `nil` if there is none of that name.
    public func description(of name: String) -> (type: ElementType, shape: [Int])? {
        entries[name].map { ($0.type, $0.shape) }
    }

    /// The bytes of a tensor that is there, for the duration of `body`.
    func withBytes<Failure: Error>(
        of name: String, _ body: (UnsafeRawBufferPointer) throws(Failure) -> Void
    ) throws(Failure) {
        guard let entry = entries[name] else { preconditionFailure("TensorFile: no tensor '\(name)'") }
        try withExtendedLifetime(mapping) { () throws(Failure) in
            try unsafe body(UnsafeRawBufferPointer(rebasing: mapping.bytes[entry.range]))
        }
    }

    /// The tensor of that name. `shape`, if given, must agree; its `nil`s agree with any size.
    public func tensor<Element: TensorElement>(
        _ name: String, of type: Element.Type = Element.self, shape: [Int?]? = nil
    ) throws(ContainerError) -> TensorView<Element> {
        let cure = "build the file again with this version"
        guard let entry = entries[name] else {
            throw ContainerError(
                .unsuitable, file: path, field: "tensor '\(name)'", reason: "is missing", cure: cure)
        }
        guard entry.type == Element.elementType else {
            throw ContainerError(
                .unsuitable, file: path, field: "tensor '\(name)' dtype",
                reason: "is \(entry.type.rawValue), not \(Element.elementType.rawValue)", cure: cure)
        }
        if let shape {
            let agrees = zip(shape, entry.shape).allSatisfy { $0 == nil || $0 == $1 }
            guard shape.count == entry.shape.count, agrees else {
                let wanted = shape.map { $0.map { String($0) } ?? "any" }.joined(separator: ", ")
                throw ContainerError(
                    .unsuitable, file: path, field: "tensor '\(name)' shape",
                    reason: "is \(entry.shape), not [\(wanted)]", cure: cure)
            }
        }
        return unsafe TensorView(
            mapping: mapping, bytes: UnsafeRawBufferPointer(rebasing: mapping.bytes[entry.range]), shape: entry.shape)
    }
}

extension TensorFile {
    /// A metadata entry that must be there.
    public func string(_ key: String) throws(ContainerError) -> String {
        guard let text = metadata[key] else { throw unsuitable(key, "is missing") }
        return text
    }

    /// A metadata entry that must be there and be a whole number in `range`.
    public func int(_ key: String, in range: ClosedRange<Int>) throws(ContainerError) -> Int {
        let text = try string(key)
        guard let value = Int(text), range.contains(value) else {
            throw unsuitable(key, "is '\(text)', not a whole number in \(range.lowerBound)...\(range.upperBound)")
        }
        return value
    }

    /// A metadata entry that must be there and be a number in `range`.
    public func double(_ key: String, in range: ClosedRange<Double>) throws(ContainerError) -> Double {
        let text = try string(key)
        guard let value = Double(text), range.contains(value) else {
            throw unsuitable(key, "is '\(text)', not a number in \(range.lowerBound)...\(range.upperBound)")
        }
        return value
    }

    /// A metadata entry that must be there and be a JSON text.
    public func json(_ key: String) throws(ContainerError) -> JSON {
        let text = try string(key)
        do {
            return try JSON(parsing: text)
        } catch {
            throw unsuitable(key, "is not JSON: \(error)")
        }
    }

    private func unsuitable(_ key: String, _ reason: String) -> ContainerError {
        ContainerError(
            .unsuitable, file: path, field: "metadata '\(key)'", reason: reason,
            cure: "build the file again with this version")
    }
}

extension TensorFile {
    /// Touches every page, so that what is read later is in memory already (until the system needs the room: see
    /// mlock).
    ///
    /// - Returns: something made of every page, so that no compiler can leave the reading out.
    @discardableResult public func preload() -> UInt8 {
        withExtendedLifetime(mapping) {
            unsafe stride(from: 0, to: mapping.bytes.count, by: 4096).reduce(0) { unsafe $0 ^ mapping.bytes[$1] }
        }
    }

    /// The hash over all tensors' bytes in the order of their names: what `model_id` and `map_id` were in version 1.
    /// Reads the whole file.
    public func contentHash() -> Hash256 {
        var hasher = Hasher256()
        for name in names { update(&hasher, with: name) }
        return hasher.finish()
    }

    /// The hash of one tensor's bytes; nil if there is none of that name. Reads them all.
    public func hash(of name: String) -> Hash256? {
        guard entries[name] != nil else { return nil }
        var hasher = Hasher256()
        update(&hasher, with: name)
        return hasher.finish()
    }

    private func update(_ hasher: inout Hasher256, with name: String) {
        guard let range = entries[name]?.range else { return }
        withExtendedLifetime(mapping) {
            unsafe hasher.update(UnsafeRawBufferPointer(rebasing: mapping.bytes[range]))
        }
    }

    /// Checks every tensor against `tensor_hashes`, and the file against the metadata entry `identity` (as "model_id"),
    /// if named. Reads the whole file: about a millisecond per megabyte.
    ///
    /// - Parameters:
    ///   - identity: the entry.
    ///   - scheme: what it covers.
    public func verify(identity: String? = nil, covering scheme: FileIdentity = .wholeFile) throws(ContainerError) {
        guard let hashes = try json("tensor_hashes").object else {
            throw unsuitable("tensor_hashes", "is not a JSON object")
        }
        guard Set(hashes.map(\.name)) == Set(names) else {
            throw unsuitable("tensor_hashes", "does not name the file's tensors")
        }
        for member in hashes {
            guard let hex = member.value.string, let expected = Hash256(hex: hex) else {
                throw unsuitable("tensor_hashes", "has no hash for '\(member.name)'")
            }
            guard hash(of: member.name) == expected else { throw corrupt("tensor '\(member.name)'") }
        }
        guard let identity else { return }
        switch scheme {
        case .wholeFile: try checkHeader(identity: identity)
        case .tensors:
            let expected = try string(identity)
            guard contentHash().description == expected else { throw corrupt("metadata '\(identity)'") }
        }
    }

    /// Checks the header, metadata and tensors' hashes, types and shapes, against its entry `identity`. Reads no
    /// tensor.
    public func checkHeader(identity: String) throws(ContainerError) {
        let tensors = names.compactMap { name in
            entries[name].map { (name: name, type: $0.type, shape: $0.shape) }
        }
        let found = FileIdentity.hash(of: metadata, without: identity, tensors: tensors)
        guard try found.description == string(identity) else { throw corrupt("metadata '\(identity)'") }
    }

    private func corrupt(_ field: String) -> ContainerError {
        ContainerError(
            .corrupt, file: path, field: field, reason: "does not match its hash",
            cure: "the file is damaged: fetch or build it again")
    }
}
