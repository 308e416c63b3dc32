internal import Files

/// What the file, the environment and the command line have said so far. Each is laid over the one before: an option
/// wins over a variable, a variable over the file, the file over the defaults.
public struct ConfigurationDraft: Sendable {
    /// For messages about what is missing: the file, or the command line.
    private var origin = "command line"
    /// Where the file's fields and sections stand, by their keys.
    private var lines: [String: Int] = [:]
    /// The keys of the fields that have been given a value.
    private var given: Set<String> = []
    private var configuration = DaemonConfiguration()
    /// A line about each field of the file that is accepted and does nothing.
    public private(set) var remarks: [String] = []

    public init() {}

    /// Where the camera sits on the vehicle, as far as that has been said; nil: it has not.
    package var vehicle: VehicleSettings? { configuration.wire.vehicle }

    /// Reads the file; paths in it are relative to its folder. Everything that is wrong in it is told at once.
    public init(reading path: String) throws(ConfigurationError) {
        try self.init(parsing: try TextFile.read(path, what: "a configuration"), path: path)
    }

    /// - Parameters:
    ///   - bytes: the content of a configuration.
    ///   - path: where the bytes come from, for messages.
    public init(parsing bytes: [UInt8], path: String) throws(ConfigurationError) {
        origin = path
        var root = try YAMLSection(try YAMLParser.parse(bytes, file: path), file: path)
        var report = MistakeReport(file: path)
        take("", from: &root, &report)
        // What the environment and the command line may still give is not missed yet.
        try report.check()
    }

    /// Takes what a section says: its fields, and its sections.
    private mutating func take(_ section: String, from content: inout YAMLSection, _ report: inout MistakeReport) {
        for entry in ConfigurationTable.entries(of: section) {
            switch entry {
            case .field(let field):
                lines[field.key] = content.line(of: field.name)
                if let found = content.field(field.name) {
                    report.collect { () throws(ConfigurationError) in try field.value.decode(found, &configuration) }
                    given.insert(field.key)
                } else if case .inSection(let what) = field.demand {
                    // The section's line: there it would stand.
                    report.add(line: content.line, field: field.key, "missing: \(what)")
                }
            case .section(let inner):
                lines[inner.key] = content.line(of: inner.name)
                let found = report.collect { () throws(ConfigurationError) in try content.section(inner.name) }
                if var found = found ?? nil { take(inner.key, from: &found, &report) }
            }
        }
        for (key, successor) in ConfigurationTable.retired where ConfigurationTable.split(key).section == section {
            guard let line = content.line(of: ConfigurationTable.split(key).name) else { continue }
            content.drop(ConfigurationTable.split(key).name)
            remarks.append("\(content.file):\(line): \(key): without effect since 0.2, see \(successor)")
        }
        for error in content.unknownFields { report.add(error) }
    }

    /// Lays what a person said at start over the file. A source of frames takes away what belongs to the other.
    public mutating func apply(_ overrides: ConfigurationOverrides) {
        for field in ConfigurationTable.fields where overrides.given.contains(field.key) {
            if field.isSource {
                for other in ConfigurationTable.fields where other.source != nil && other.source != field.source {
                    other.value.copy(DaemonConfiguration(), &configuration)
                    (lines[other.key], _) = (nil, given.remove(other.key))
                }
            }
            field.value.copy(overrides.values, &configuration)
            given.insert(field.key)
        }
    }

    /// The whole configuration, or everything that is missing or contradicts itself.
    ///
    /// - Parameter endpointProblem: the wire's rules for addresses.
    public func complete(
        endpointProblem: TransportSettings.EndpointCheck = { _, _, _ in nil }
    ) throws(ConfigurationError) -> DaemonConfiguration {
        var report = MistakeReport(file: origin)
        for field in ConfigurationTable.fields.sorted(by: { $0.key < $1.key }) {
            guard case .always(let what) = field.demand, field.value.isEqual(configuration, DaemonConfiguration())
            else { continue }
            let cure = field.override.map { " (or --\($0.option) \($0.placeholder ?? ""))" } ?? ""
            refuse(field.key, "missing: \(what)\(cure)", &report)
        }
        checkWire(&report, endpointProblem)
        checkSource(&report)
        try report.check()
        var whole = configuration
        whole.view.locate(in: origin, lines)
        return whole
    }

    /// Names the field with its line, or that of the section in which it is missing; none if that is the whole file.
    private func refuse(_ key: String, _ reason: String, _ report: inout MistakeReport) {
        report.add(line: lines[key] ?? lines[ConfigurationTable.split(key).section], field: key, reason)
    }

    private func checkWire(_ report: inout MistakeReport, _ problem: TransportSettings.EndpointCheck) {
        // A socket would replace, or be replaced by, what another field names.
        var taken = Dictionary(
            ConfigurationTable.fields.compactMap { field in
                field.value.path(configuration).map { ("ipc://" + FileStatus.place($0), field.key) }
            }, uniquingKeysWith: { first, _ in first })
        for field in ConfigurationTable.fields {
            for address in field.value.addresses(configuration) {
                if let first = taken.updateValue(field.key, forKey: Self.place(address)) {
                    refuse(
                        field.key, "'\(address)': \(first) has this address already; each needs its own", &report)
                }
                guard let reason = problem(address, field.key == "control", configuration.wire.security != nil)
                else { continue }
                refuse(field.key, "'\(address)': \(reason)", &report)
            }
        }
        if !configuration.wire.vehicleState.isEmpty, configuration.wire.odometry.isEmpty {
            refuse("vehicle_state", "needs odometry, at whose rate it is published", &report)
        }
        guard !configuration.wire.odometry.isEmpty, configuration.wire.vehicle == nil else { return }
        refuse("odometry", "needs vehicle.base_from_camera, which says where the camera sits on the vehicle", &report)
    }

    /// The address, by whatever links its path leads there.
    private static func place(_ address: String) -> String {
        let scheme = "ipc://"
        guard address.hasPrefix(scheme + "/") else { return address }
        return scheme + FileStatus.place(String(address.dropFirst(scheme.count)))
    }

    private func checkSource(_ report: inout MistakeReport) {
        func refuseFields(of kind: ConfigurationField.SourceKind, _ reason: String) {
            for field in ConfigurationTable.fields where field.source == kind && given.contains(field.key) {
                refuse(field.key, reason, &report)
            }
        }
        switch (configuration.folder, configuration.device) {
        case (_?, nil):
            refuseFields(of: .device, "belongs to a device, not to a folder of images")
            if configuration.loops, configuration.follows {
                refuse("camera.follow", "stands beside camera.loop; give one of them", &report)
            }
        case (nil, _?):
            refuseFields(of: .folder, "belongs to a folder of images, not to a device")
            if configuration.rate == 0 {
                refuse("camera.rate", "0 is for folders of images; a device needs frames per second", &report)
            }
        case (nil, nil):
            refuse(
                "camera.device", "missing: a device, or camera.folder with images (or --device or --frames)", &report)
        default: refuse("camera.folder", "stands beside camera.device; give one of them", &report)
        }
    }
}
