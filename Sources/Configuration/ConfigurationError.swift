/// What is wrong with a file that a person wrote: where, which field, and what is allowed.
public struct ConfigurationError: Error, Equatable, Sendable, CustomStringConvertible {
    public enum Kind: Sendable {
        /// The file does not exist.
        case missing
        /// The file exists, but cannot be read.
        case unreadable
        /// The file's content is wrong.
        case invalid
    }

    public let kind: Kind
    /// As given on the command line, or the command line itself.
    public let file: String
    /// From 1; nil if the whole file is meant.
    public let line: Int?
    /// Such as "camera.rate"; nil if the file could not be taken apart into fields.
    public let field: String?
    public let reason: String

    package init(_ kind: Kind = .invalid, file: String, line: Int? = nil, field: String? = nil, _ reason: String) {
        self.kind = kind
        self.file = file
        self.line = line
        self.field = field
        self.reason = reason
    }

    /// One line: `FILE:LINE: field 'FIELD': REASON`.
    public var description: String {
        file + (line.map { ":\($0)" } ?? "") + ": " + (field.map { "field '\($0)': " } ?? "") + reason
    }
}
