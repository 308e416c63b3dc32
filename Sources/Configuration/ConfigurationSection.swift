/// A section of which everything that is wrong is reported, not only the first: a wrong field then is as if absent.
struct ConfigurationSection {
    private var section: YAMLSection
    private let report: MistakeReport

    /// The whole file.
    init(reading bytes: [UInt8], report: MistakeReport) throws(ConfigurationError) {
        section = try YAMLSection(try YAMLParser.parse(bytes, file: report.file), file: report.file)
        self.report = report
    }

    private init(_ section: YAMLSection, _ report: MistakeReport) {
        self.section = section
        self.report = report
    }

    mutating func section(_ key: String) -> ConfigurationSection? {
        collect(key) { (s) throws(ConfigurationError) in try s.section(key) }.map { ConfigurationSection($0, report) }
    }

    mutating func string(_ key: String) -> String? {
        collect(key) { (s) throws(ConfigurationError) in try s.string(key) }
    }

    mutating func strings(_ key: String) -> [String]? {
        collect(key) { (s) throws(ConfigurationError) in try s.strings(key) }
    }

    mutating func boolean(_ key: String) -> Bool? {
        collect(key) { (s) throws(ConfigurationError) in try s.boolean(key) }
    }

    mutating func integer(_ key: String, _ allowed: ClosedRange<Int>) -> Int? {
        collect(key) { (s) throws(ConfigurationError) in try s.integer(key, allowed) }
    }

    mutating func integers(_ key: String, _ allowed: ClosedRange<Int>) -> [Int]? {
        collect(key) { (s) throws(ConfigurationError) in try s.integers(key, allowed) }
    }

    mutating func number(_ key: String, _ allowed: ClosedRange<Double>) -> Double? {
        collect(key) { (s) throws(ConfigurationError) in try s.number(key, allowed) }
    }

    mutating func numbers(_ key: String) -> [Double]? {
        collect(key) { (s) throws(ConfigurationError) in try s.numbers(key) }
    }

    /// The field's node, for what has a form of its own; nil if it is absent or null.
    mutating func take(_ key: String) -> YAMLNode? {
        collect(key) { $0.take(key) }
    }

    /// The fields that nobody took yet, in the file's order.
    var names: [String] { section.names }

    /// Reports the fields that nobody took.
    func finish() {
        for error in section.unknownFields { report.add(error) }
    }

    func number(_ node: YAMLNode, _ key: String, _ allowed: ClosedRange<Double>?) -> Double? {
        do throws(ConfigurationError) {
            return try section.number(node, key, allowed)
        } catch {
            report.add(error)
            return nil
        }
    }

    func wrong(_ node: YAMLNode, _ key: String, _ reason: String) {
        report.add(section.error(node, key, reason))
    }

    func missing(_ key: String, _ reason: String) {
        // The section's line: there it would stand.
        report.add(line: section.line, field: section.prefix + key, "missing: \(reason)")
    }

    /// What stands in the field, or nil and a report.
    private mutating func collect<Value>(
        _ key: String, _ read: (inout YAMLSection) throws(ConfigurationError) -> Value?
    ) -> Value? {
        if let line = section.line(of: key) { report.found(section.prefix + key, line: line) }
        do throws(ConfigurationError) {
            return try read(&section)
        } catch {
            report.add(error)
            return nil
        }
    }
}
