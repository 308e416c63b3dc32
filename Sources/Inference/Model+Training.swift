internal import Container
internal import Files

/// What a model file says of its training: for people, and for those who must show what it was trained on.
extension Model {
    /// The photographs that a network and its head were trained on, as the file names them.
    public enum Photographs: Sendable, Equatable {
        /// The file names no list.
        case unnamed
        /// It names the list that lies beside it, with so many photographs, their licences, authors and origins.
        case listed(path: String, count: Int)
        /// It names a list, which is not beside it or cannot be read.
        case missing(path: String)
        /// Beside it lies another list than the one that it names.
        case different(path: String)
    }

    /// The networks that taught it, each with its licence; empty where the file does not say.
    public var teachers: [String] { provenance["teachers"]?.array?.compactMap(\.string) ?? [] }

    /// How many photographs the network was trained on last; `nil` where the file does not say.
    public var trainingImages: Int? { provenance["images"]?.int }

    /// Reads the list of photographs beside the file, photographs.tsv, and compares its hash: some milliseconds.
    public var photographs: Photographs {
        guard let photographsHash else { return .unnamed }
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
        let list = folder + "photographs.tsv"
        guard let bytes = try? WholeFile.read(list, atMost: Self.largestList) else { return .missing(path: list) }
        guard Hash256(of: bytes) == photographsHash else { return .different(path: list) }
        // A line for each, after the one that names the columns.
        return .listed(path: list, count: bytes.count { $0 == UInt8(ascii: "\n") } - 1)
    }

    /// Bytes; that of 1,654 photographs has 286 kB.
    private static let largestList = 64 << 20

    private var provenance: JSON { (try? file.json("provenance")) ?? .null }

    /// The hash that the file names its list of photographs by; `nil` if it names none.
    static func photographsHash(of file: TensorFile) throws(ModelError) -> Hash256? {
        guard let text = file.metadata["photographs_hash"] else { return nil }
        guard let hash = Hash256(hex: text) else {
            throw network(file, "metadata 'photographs_hash'", "is no hash of 64 hexadecimal digits")
        }
        return hash
    }
}
