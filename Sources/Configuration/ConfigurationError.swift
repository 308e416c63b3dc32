public import Errors

/// What is wrong with a file that a person wrote: all of it at once, so that one look at the messages is enough.
public struct ConfigurationError: Error, Equatable, Sendable, CustomStringConvertible {
    public enum Kind: Sendable {
        /// The file does not exist.
        case missing
        /// The file exists, but cannot be read.
        case unreadable
        /// The file's content is wrong.
        case invalid
    }

    /// One wrong thing: where, which field, and what is allowed.
    public struct Mistake: Equatable, Sendable, CustomStringConvertible {
        /// As given on the command line, or what else the value came from: "environment", "command line".
        public let origin: String
        /// From 1; nil if the whole file is meant.
        public let line: Int?
        /// Such as "camera.rate"; nil if the file could not be taken apart into fields.
        public let field: String?
        public let reason: String

        init(_ origin: String, line: Int? = nil, field: String? = nil, _ reason: String) {
            (self.origin, self.line, self.field, self.reason) = (origin, line, field, reason)
        }

        /// One line: `FILE:LINE: field 'FIELD': REASON`.
        public var description: String {
            origin + (line.map { ":\($0)" } ?? "") + ": " + (field.map { "field '\($0)': " } ?? "") + reason
        }
    }

    public let kind: Kind
    /// At least one; those of a file in the order of its lines.
    public let mistakes: [Mistake]

    init(_ kind: Kind = .invalid, _ mistakes: [Mistake]) {
        precondition(!mistakes.isEmpty, "an error without a mistake")
        self.kind = kind
        self.mistakes = mistakes
    }

    package init(_ kind: Kind = .invalid, file: String, line: Int? = nil, field: String? = nil, _ reason: String) {
        self.init(kind, [Mistake(file, line: line, field: field, reason)])
    }

    /// One line per mistake.
    public var description: String { mistakes.map(\.description).joined(separator: "\n") }
}

/// Collects what is wrong while a file is read to its end.
struct MistakeReport {
    typealias Mistake = ConfigurationError.Mistake

    let file: String
    private var mistakes: [Mistake] = []

    init(file: String) {
        self.file = file
    }

    mutating func add(line: Int? = nil, field: String?, _ reason: String) {
        mistakes.append(Mistake(file, line: line, field: field, reason))
    }

    mutating func add(_ error: ConfigurationError) {
        mistakes += error.mistakes
    }

    /// What `read` gives, or nil with what is wrong noted.
    @discardableResult
    mutating func collect<Value>(_ read: () throws(ConfigurationError) -> Value) -> Value? {
        do throws(ConfigurationError) {
            return try read()
        } catch {
            add(error)
            return nil
        }
    }

    /// Those of a line first, in the order of the lines; then what is missing.
    private var sorted: [Mistake] {
        mistakes.enumerated().sorted { ($0.element.line ?? .max, $0.offset) < ($1.element.line ?? .max, $1.offset) }
            .map(\.element)
    }

    func check() throws(ConfigurationError) {
        if !mistakes.isEmpty { throw ConfigurationError(.invalid, sorted) }
    }
}

extension ConfigurationError: ReportedError {
    public var exitStatus: ExitStatus {
        switch kind {
        case .missing: .missingInput
        case .unreadable: .inputOutput
        case .invalid: .configuration
        }
    }
}
