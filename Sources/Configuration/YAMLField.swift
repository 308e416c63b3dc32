/// What stands in one field, or in one item of its list. Throws what is wrong with its line, its name and what is
/// allowed.
struct YAMLField: Sendable {
    let file: String
    /// With the names of its sections, such as "camera.rate".
    let name: String
    let node: YAMLNode

    func error(_ reason: String) -> ConfigurationError {
        ConfigurationError(file: file, line: node.line, field: name, reason)
    }

    /// The items of a list; nil if it is none.
    var items: [YAMLField]? {
        guard case .sequence(let items) = node.content else { return nil }
        return items.map { YAMLField(file: file, name: name, node: $0) }
    }

    func section() throws(ConfigurationError) -> YAMLSection { try YAMLSection(node, file: file, name: name) }

    func string() throws(ConfigurationError) -> String {
        guard case .scalar(let text, _) = node.content, !text.isEmpty, !text.contains("\0") else {
            throw error("expected text, found \(node.kind)")
        }
        return text
    }

    /// Text, or a list of texts.
    func strings() throws(ConfigurationError) -> [String] {
        try (items ?? [self]).map { (item) throws(ConfigurationError) in try item.string() }
    }

    func boolean() throws(ConfigurationError) -> Bool {
        if let truth = node.truth { return truth }
        throw error("expected true or false, found \(node.kind)")
    }

    /// A whole number of any size; nil if there is none.
    var integer: Int? {
        guard case .scalar(let text, true) = node.content else { return nil }
        return Int(text)
    }

    func integer(_ allowed: ClosedRange<Int>) throws(ConfigurationError) -> Int {
        guard let value = integer else {
            throw error("expected a whole number, found \(node.kind) (allowed: \(Self.text(allowed)))")
        }
        guard allowed.contains(value) else {
            throw error("\(value) is out of range (allowed: \(Self.text(allowed)))")
        }
        return value
    }

    func integers(_ allowed: ClosedRange<Int>) throws(ConfigurationError) -> [Int] {
        let allowedText = "(allowed: \(Self.text(allowed)))"
        guard let items else {
            throw error("expected a list of whole numbers, as in [2, 3], found \(node.kind) \(allowedText)")
        }
        return try items.map { (item) throws(ConfigurationError) in
            guard let value = item.integer, allowed.contains(value) else {
                throw item.error("expected a whole number, found \(item.node.kind) \(allowedText)")
            }
            return value
        }
    }

    /// - Parameter allowed: nil for every finite number.
    func number(_ allowed: ClosedRange<Double>? = nil) throws(ConfigurationError) -> Double {
        let suffix = allowed.map { " (allowed: \(Self.text($0)))" } ?? ""
        guard case .scalar(let text, true) = node.content, let value = Double(text), value.isFinite else {
            throw error("expected a number, found \(node.kind)\(suffix)")
        }
        if let allowed, !allowed.contains(value) { throw error("\(text) is out of range\(suffix)") }
        return value
    }

    func numbers() throws(ConfigurationError) -> [Double] {
        guard let items else { throw error("expected a list of numbers, found \(node.kind)") }
        return try items.map { (item) throws(ConfigurationError) in try item.number() }
    }

    /// A range as messages have it.
    static func text(_ range: ClosedRange<Int>) -> String {
        range.upperBound == .max ? "at least \(range.lowerBound)" : "\(range.lowerBound)...\(range.upperBound)"
    }

    static func text(_ range: ClosedRange<Double>) -> String { "\(range.lowerBound)...\(range.upperBound)" }
}
