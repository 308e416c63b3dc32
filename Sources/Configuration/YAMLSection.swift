/// The fields of one section, taken one by one; what is left at the end is unknown, and an error.
package struct YAMLSection: Sendable {
    package let file: String
    /// Before the names of its fields in messages: "" or "camera.".
    package let prefix: String
    package let line: Int
    private var entries: [(key: String, line: Int, value: YAMLNode)]
    private var known: [String] = []

    package init(_ node: YAMLNode, file: String, name: String? = nil) throws(ConfigurationError) {
        self.file = file
        prefix = name.map { $0 + "." } ?? ""
        line = node.line
        if node.isNull {
            entries = []
        } else if case .mapping(let entries) = node.content {
            self.entries = entries
        } else {
            throw ConfigurationError(
                file: file, line: node.line, field: name,
                "expected fields of the form 'name: value', found \(node.kind)")
        }
    }

    /// The field's node; nil if it is absent or null.
    package mutating func take(_ key: String) -> YAMLNode? {
        known.append(key)
        guard let index = entries.firstIndex(where: { $0.key == key }) else { return nil }
        let node = entries.remove(at: index).value
        return node.isNull ? nil : node
    }

    /// Takes a field away that is not known any more, and is not to be refused.
    mutating func drop(_ key: String) { entries.removeAll { $0.key == key } }

    /// The same with its name.
    mutating func field(_ key: String) -> YAMLField? {
        guard let node = take(key) else { return nil }
        return field(key, node)
    }

    private func field(_ key: String, _ node: YAMLNode) -> YAMLField {
        YAMLField(file: file, name: prefix + key, node: node)
    }

    package mutating func section(_ key: String) throws(ConfigurationError) -> YAMLSection? {
        try field(key)?.section()
    }

    package mutating func string(_ key: String) throws(ConfigurationError) -> String? {
        try field(key)?.string()
    }

    package mutating func integer(_ key: String, _ allowed: ClosedRange<Int>) throws(ConfigurationError) -> Int? {
        try field(key)?.integer(allowed)
    }

    package mutating func integers(_ key: String, _ allowed: ClosedRange<Int>) throws(ConfigurationError) -> [Int]? {
        try field(key)?.integers(allowed)
    }

    package mutating func number(_ key: String, _ allowed: ClosedRange<Double>) throws(ConfigurationError) -> Double? {
        try field(key)?.number(allowed)
    }

    package mutating func numbers(_ key: String) throws(ConfigurationError) -> [Double]? {
        try field(key)?.numbers()
    }

    /// The numbers of a node that was taken from the field `key`.
    package func numbers(_ node: YAMLNode, _ key: String) throws(ConfigurationError) -> [Double] {
        try field(key, node).numbers()
    }

    /// Refuses the fields that nobody took.
    package func finish() throws(ConfigurationError) {
        let errors = unknownFields
        if !errors.isEmpty { throw ConfigurationError(.invalid, errors.flatMap(\.mistakes)) }
    }

    /// An error for each field that nobody took.
    var unknownFields: [ConfigurationError] {
        entries.map { entry in
            ConfigurationError(
                file: file, line: entry.line, field: prefix + entry.key,
                "unknown (allowed here: \(known.sorted().joined(separator: ", ")))")
        }
    }

    /// The fields that nobody took yet, in the file's order.
    var names: [String] { entries.map(\.key) }

    /// The line of a field that nobody took yet.
    func line(of key: String) -> Int? { entries.first { $0.key == key }?.line }

    package func error(_ node: YAMLNode, _ key: String, _ reason: String) -> ConfigurationError {
        field(key, node).error(reason)
    }

    package func missing(_ key: String, _ reason: String) -> ConfigurationError {
        ConfigurationError(file: file, field: prefix + key, reason)
    }
}
