internal import Glibc

/// What may be said outside the file: by options of the command line, or by variables of the environment of the same
/// names (`--map`, `HFLOC_MAP`).
public struct ConfigurationOverrides: Sendable {
    /// The values that were said, among defaults.
    private(set) var values = DaemonConfiguration()
    /// The keys of the fields that were said.
    private(set) var given: Set<String> = []
    public private(set) var unknownVariables: [String] = []

    /// The variables of a program's environment; an empty one counts as absent, and commas part the items of a list.
    /// Others of the prefix are left in ``unknownVariables``: they may be another program's, or misspelled.
    public init(environment: [String: String]) throws(ConfigurationError) {
        var report = MistakeReport(file: "environment")
        for (name, value) in environment.sorted(by: { $0.key < $1.key }) where name.hasPrefix(Self.prefix) {
            guard !value.isEmpty, !Self.otherVariables.contains(name) else { continue }
            guard let field = ConfigurationTable.fields.first(where: { $0.override?.variable == name }) else {
                unknownVariables.append(name)
                continue
            }
            let texts = value.split(separator: ",").map { String($0.drop { $0 == " " }) }
            do throws(ConfigurationError) {
                try take(field.value.isList ? texts : [value], for: field, "environment")
            } catch {
                let allowed = field.limits.map { " (allowed: \($0.message))" } ?? ""
                report.add(field: name, "'\(value)' is not a \(field.name)\(allowed)")
            }
        }
        if let (first, second) = twoSources {
            report.add(field: second.variable, "stands beside \(first.variable ?? ""); give one of them")
        }
        try report.check()
    }

    /// Options by their names; those without a value were not given.
    public init(options: [String: [String]]) throws(ConfigurationError) {
        var report = MistakeReport(file: "command line")
        for (name, texts) in options.sorted(by: { $0.key < $1.key }) {
            guard let field = ConfigurationTable.field(ofOption: name) else {
                preconditionFailure("no field has the option --\(name)")
            }
            do throws(ConfigurationError) {
                try take(texts, for: field, "command line")
            } catch {
                report.add(field: "--\(name)", field.limits?.words ?? error.mistakes[0].reason)
            }
        }
        if let (first, second) = twoSources {
            report.add(field: "--\(second.option) and --\(first.option)", "give one of them")
        }
        try report.check()
    }

    private mutating func take(
        _ texts: [String], for field: ConfigurationField, _ origin: String
    ) throws(ConfigurationError) {
        let nodes = texts.map { YAMLNode(content: .scalar($0, isPlain: true), line: 1) }
        guard let last = nodes.last else { return }
        let node = field.value.isList ? YAMLNode(content: .sequence(nodes), line: 1) : last
        try field.value.decode(YAMLField(file: origin, name: field.key, node: node), &values)
        given.insert(field.key)
    }

    /// The two sources of frames that were said, of which there can be one.
    private var twoSources: (ConfigurationOverride, ConfigurationOverride)? {
        let sources = ConfigurationTable.fields.filter { $0.isSource && given.contains($0.key) }
        guard sources.count == 2, let first = sources[0].override, let second = sources[1].override else { return nil }
        return (first, second)
    }

    static let prefix = "HFLOC_"
    /// Names the configuration file, if no option does.
    public static let configVariable = "HFLOC_CONFIG"
    /// What has a meaning, but not as a field: the kernels and BootID read theirs.
    private static let otherVariables = [configVariable, "HFLOC_KERNELS", "HFLOC_BOOT_ID"]
    /// Every variable that has a meaning here.
    public static let variables = ConfigurationTable.fields.compactMap { $0.override?.variable } + otherVariables

    /// This program's environment.
    public static func environment() -> [String: String] {
        var variables: [String: String] = [:]
        var entry = unsafe environ
        while let text = unsafe entry.pointee {
            let line = unsafe String(cString: text)
            if let equals = line.firstIndex(of: "=") {
                variables[String(line[..<equals])] = String(line[line.index(after: equals)...])
            }
            unsafe entry += 1
        }
        return variables
    }
}
