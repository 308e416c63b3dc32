/// What a safetensors header says: the metadata, and where each tensor lies. Made only by checking every word of it.
///
/// The format: 8 bytes little-endian header length, the header (a JSON object, padded with spaces), then the tensors'
/// bytes without holes. https://github.com/huggingface/safetensors#format
struct TensorHeader {
    /// A longer header is refused before it is read: real ones have kilobytes.
    static let maximumLength = 16 << 20
    static let maximumRank = 8

    struct Entry: Sendable {
        let name: String
        let type: ElementType
        let shape: [Int]
        /// Bytes of the file.
        let range: Range<Int>
    }

    var metadata: [String: String] = [:]
    /// In the order of the names' UTF-8 bytes.
    var entries: [Entry] = []

    private static let cure = "the file is damaged or no safetensors file: fetch or build it again"

    private static func malformed(_ file: String, _ field: String, _ reason: String) -> ContainerError {
        ContainerError(.malformed, file: file, field: field, reason: reason, cure: cure)
    }

    init(reading bytes: Span<UInt8>, file: String) throws(ContainerError) {
        let dataStart = try Self.dataStart(bytes, file: file)
        let json: JSON
        do {
            json = try JSON(parsing: bytes.extracting(8..<dataStart))
        } catch {
            throw Self.malformed(file, "header", "is not JSON: \(error)")
        }
        guard let members = json.object else { throw Self.malformed(file, "header", "is not a JSON object") }
        for member in members {
            if member.name == "__metadata__" {
                metadata = try Self.metadata(member.value, file: file)
            } else {
                entries.append(
                    try Self.entry(member, dataStart: dataStart, fileSize: bytes.count, file: file))
            }
        }
        try checkCoverage(dataStart: dataStart, fileSize: bytes.count, file: file)
        entries.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }

    private static func dataStart(_ bytes: Span<UInt8>, file: String) throws(ContainerError) -> Int {
        guard bytes.count >= 8 else { throw malformed(file, "header length", "the file ends inside it") }
        var length: UInt64 = 0
        for index in 0..<8 { length |= UInt64(bytes[index]) << UInt64(8 * index) }
        guard length <= UInt64(maximumLength) else {
            throw malformed(file, "header length", "\(length) is more than \(maximumLength)")
        }
        guard Int(length) <= bytes.count - 8 else {
            throw ContainerError(
                .truncated, file: file, field: "header length",
                reason: "the file ends before its \(length) bytes",
                cure: cure)
        }
        return 8 + Int(length)
    }

    private static func metadata(_ json: JSON, file: String) throws(ContainerError) -> [String: String] {
        guard let members = json.object else { throw malformed(file, "metadata", "is not a JSON object") }
        var metadata: [String: String] = [:]
        for member in members {
            guard let text = member.value.string else {
                throw malformed(file, "metadata '\(member.name)'", "is not a string")
            }
            metadata[member.name] = text
        }
        return metadata
    }

    private static func entry(
        _ member: JSON.Member, dataStart: Int, fileSize: Int, file: String
    ) throws(ContainerError) -> Entry {
        let field = "tensor '\(member.name)'"
        guard let members = member.value.object else { throw malformed(file, field, "is not a JSON object") }
        for inner in members where !["dtype", "shape", "data_offsets"].contains(inner.name) {
            throw malformed(file, field, "has an unknown entry '\(inner.name)'")
        }
        guard let dtype = member.value["dtype"]?.string, let type = ElementType(rawValue: dtype) else {
            throw malformed(file, "\(field) dtype", "is missing or unknown")
        }
        let (shape, size) = try shape(member.value["shape"], type: type, field: field, file: file)
        guard let offsets = member.value["data_offsets"]?.array, offsets.count == 2,
            let start = offsets[0].int, let end = offsets[1].int, start >= 0, end >= start
        else {
            throw malformed(file, "\(field) data_offsets", "are not two ascending offsets")
        }
        guard end <= fileSize - dataStart else {
            throw ContainerError(
                .truncated, file: file, field: "\(field) data_offsets",
                reason: "end at byte \(end), the data at \(fileSize - dataStart)", cure: cure)
        }
        guard end - start == size else {
            throw malformed(file, "\(field) data_offsets", "span \(end - start) bytes, the shape needs \(size)")
        }
        guard (dataStart + start) % type.size == 0 else {
            throw ContainerError(
                .malformed, file: file, field: "\(field) data_offsets", reason: "not aligned to \(type.size) bytes",
                cure: "write it with a current safetensors library")
        }
        return Entry(name: member.name, type: type, shape: shape, range: dataStart + start..<dataStart + end)
    }

    private static func shape(
        _ json: JSON?, type: ElementType, field: String, file: String
    ) throws(ContainerError) -> (shape: [Int], size: Int) {
        guard let sizes = json?.array, sizes.count <= maximumRank else {
            throw malformed(file, "\(field) shape", "is no array of at most \(maximumRank) sizes")
        }
        var shape: [Int] = []
        var bytes = type.size
        for size in sizes {
            guard let size = size.int, size >= 0 else {
                throw malformed(file, "\(field) shape", "has an entry that is no size")
            }
            let (product, overflow) = bytes.multipliedReportingOverflow(by: size)
            guard !overflow else { throw malformed(file, "\(field) shape", "is larger than memory") }
            bytes = product
            shape.append(size)
        }
        return (shape, bytes)
    }

    /// The tensors, in file order, follow each other without overlap or hole and end with the file.
    private func checkCoverage(dataStart: Int, fileSize: Int, file: String) throws(ContainerError) {
        var end = dataStart
        let inFileOrder = entries.sorted {
            ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
        }
        for entry in inFileOrder {
            guard entry.range.lowerBound == end else {
                let reason = entry.range.lowerBound < end ? "overlap another tensor" : "leave a hole before them"
                throw Self.malformed(file, "tensor '\(entry.name)' data_offsets", reason)
            }
            end = entry.range.upperBound
        }
        guard end == fileSize else {
            throw Self.malformed(file, "file", "has \(fileSize - end) bytes that belong to no tensor")
        }
    }
}
