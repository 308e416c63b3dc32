internal import Glibc

/// What may be said outside the file: by options of the command line, or by variables of the environment of the same
/// names (`--map`, `HFLOC_MAP`).
public struct ConfigurationOverrides: Sendable {
    public var device: String?
    public var folder: String?
    public var rate: Double?
    public var loops: Bool?
    public var calibration: String?
    public var map: String?
    public var model: String?
    public var state: String?
    public var endpoints: [String] = []
    public var control: [String] = []
    public private(set) var unknownVariables: [String] = []

    public init() {}

    /// The variables `HFLOC_CONFIG` to `HFLOC_PUBLISH` of a program's environment; an empty one counts as absent.
    /// Others of the prefix are left in ``unknownVariables``: they may be another program's, or misspelled.
    public init(environment: [String: String]) throws(ConfigurationError) {
        let report = MistakeReport(file: "environment")
        for (name, value) in environment.sorted(by: { $0.key < $1.key }) where name.hasPrefix("HFLOC_") {
            guard !value.isEmpty, name != Self.configVariable else { continue }
            switch name {
            case "HFLOC_DEVICE": device = value
            case "HFLOC_FRAMES": folder = value
            case "HFLOC_RATE":
                rate = Double(value)
                let allowed = ConfigurationDraft.allowedRates
                if rate.map(allowed.contains) != true {
                    report.add(
                        field: name, "'\(value)' is not a rate (allowed: \(allowed.lowerBound)...\(allowed.upperBound))"
                    )
                }
            case "HFLOC_CAMERA": calibration = value
            case "HFLOC_MAP": map = value
            case "HFLOC_MODEL": model = value
            case "HFLOC_STATE": state = value
            case "HFLOC_PUBLISH": endpoints = Self.list(value)
            case "HFLOC_CONTROL": control = Self.list(value)
            // Others read them: the kernels, BootID.
            case "HFLOC_KERNELS", "HFLOC_BOOT_ID": break
            default: unknownVariables.append(name)
            }
        }
        if device != nil, folder != nil {
            report.add(field: "HFLOC_FRAMES", "stands beside HFLOC_DEVICE; give one of them")
        }
        try report.check()
    }

    /// Names the configuration file, if no option does.
    public static let configVariable = "HFLOC_CONFIG"
    /// Every variable that has a meaning here.
    public static let variables = [
        configVariable, "HFLOC_DEVICE", "HFLOC_FRAMES", "HFLOC_RATE", "HFLOC_CAMERA", "HFLOC_MAP", "HFLOC_MODEL",
        "HFLOC_STATE", "HFLOC_PUBLISH", "HFLOC_CONTROL", "HFLOC_KERNELS", "HFLOC_BOOT_ID",
    ]

    private static func list(_ value: String) -> [String] {
        value.split(separator: ",").map { String($0.drop { $0 == " " }) }
    }

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
