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

    package mutating func section(_ key: String) throws(ConfigurationError) -> YAMLSection? {
        guard let node = take(key) else { return nil }
        return try YAMLSection(node, file: file, name: prefix + key)
    }

    package mutating func string(_ key: String) throws(ConfigurationError) -> String? {
        guard let node = take(key) else { return nil }
        guard case .scalar(let text, _) = node.content, !text.isEmpty, !text.contains("\0") else {
            throw error(node, key, "expected text, found \(node.kind)")
        }
        return text
    }

    /// Text, or a list of texts.
    package mutating func strings(_ key: String) throws(ConfigurationError) -> [String]? {
        guard let node = take(key) else { return nil }
        var texts: [String] = []
        let items = if case .sequence(let items) = node.content { items } else { [node] }
        for item in items {
            guard case .scalar(let text, _) = item.content, !text.isEmpty else {
                throw error(item, key, "expected text, found \(item.kind)")
            }
            texts.append(text)
        }
        return texts
    }

    package mutating func boolean(_ key: String) throws(ConfigurationError) -> Bool? {
        guard let node = take(key) else { return nil }
        switch node.content {
        case .scalar("true", true), .scalar("yes", true), .scalar("on", true): return true
        case .scalar("false", true), .scalar("no", true), .scalar("off", true): return false
        default: throw error(node, key, "expected true or false, found \(node.kind)")
        }
    }

    package mutating func integer(_ key: String, _ allowed: ClosedRange<Int>) throws(ConfigurationError) -> Int? {
        guard let node = take(key) else { return nil }
        guard case .scalar(let text, true) = node.content, let value = Int(text) else {
            throw error(node, key, "expected a whole number, found \(node.kind) (allowed: \(Self.text(allowed)))")
        }
        guard allowed.contains(value) else {
            throw error(node, key, "\(value) is out of range (allowed: \(Self.text(allowed)))")
        }
        return value
    }

    package mutating func number(_ key: String, _ allowed: ClosedRange<Double>) throws(ConfigurationError) -> Double? {
        guard let node = take(key) else { return nil }
        return try number(node, key, allowed)
    }

    package mutating func numbers(_ key: String) throws(ConfigurationError) -> [Double]? {
        guard let node = take(key) else { return nil }
        return try numbers(node, key)
    }

    /// The numbers of a node that was taken from the field `key`.
    package func numbers(_ node: YAMLNode, _ key: String) throws(ConfigurationError) -> [Double] {
        guard case .sequence(let items) = node.content else {
            throw error(node, key, "expected a list of numbers, found \(node.kind)")
        }
        var values: [Double] = []
        for item in items { values.append(try number(item, key, nil)) }
        return values
    }

    package mutating func integers(_ key: String, _ allowed: ClosedRange<Int>) throws(ConfigurationError) -> [Int]? {
        guard let node = take(key) else { return nil }
        guard case .sequence(let items) = node.content else {
            throw error(
                node, key,
                "expected a list of whole numbers, as in [2, 3], found \(node.kind) (allowed: \(Self.text(allowed)))")
        }
        var values: [Int] = []
        for item in items {
            guard case .scalar(let text, true) = item.content, let value = Int(text), allowed.contains(value) else {
                throw error(item, key, "expected a whole number, found \(item.kind) (allowed: \(Self.text(allowed)))")
            }
            values.append(value)
        }
        return values
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
        ConfigurationError(file: file, line: node.line, field: prefix + key, reason)
    }

    package func missing(_ key: String, _ reason: String) -> ConfigurationError {
        ConfigurationError(file: file, field: prefix + key, reason)
    }

    func number(
        _ node: YAMLNode, _ key: String, _ allowed: ClosedRange<Double>?
    ) throws(ConfigurationError) -> Double {
        let suffix = allowed.map { " (allowed: \($0.lowerBound)...\($0.upperBound))" } ?? ""
        guard case .scalar(let text, true) = node.content, let value = Double(text), value.isFinite else {
            throw error(node, key, "expected a number, found \(node.kind)\(suffix)")
        }
        if let allowed, !allowed.contains(value) { throw error(node, key, "\(text) is out of range\(suffix)") }
        return value
    }

    private static func text(_ range: ClosedRange<Int>) -> String {
        range.upperBound == .max ? "at least \(range.lowerBound)" : "\(range.lowerBound)...\(range.upperBound)"
    }
}
