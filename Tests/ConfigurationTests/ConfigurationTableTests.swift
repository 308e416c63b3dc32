import Configuration
import TestSupport
import Testing

/// Each field of the table alone, in a configuration that else says no more than it must: what it accepts and refuses,
/// its default, where it goes, what overrides it, and what a reload makes of it.
@Suite("Table of the configuration")
struct ConfigurationTableTests {
    @Test("Every key is given once, every field has a text, and says what holds without it")
    func complete() {
        let keys = ConfigurationTable.fields.map(\.key)
        #expect(Set(keys).count == keys.count)
        for field in ConfigurationTable.fields {
            #expect(field.abstract.hasSuffix(".") && (field.discussion.isEmpty || field.discussion.hasSuffix(".")))
            let isSource = ["camera.device", "camera.folder"].contains(field.key)
            #expect((field.defaultText ?? field.absence) != nil || field.isRequired || isSource, "\(field.key)")
            #expect((field.defaultText ?? field.example) != nil, "\(field.key): nothing for the example")
        }
        let sections = Set(keys.compactMap { key in key.lastIndex(of: ".").map { key[..<$0] } })
        #expect(sections == Set(ConfigurationTable.sections.map { $0.key[...] }))
        let options = ConfigurationTable.fields.compactMap { $0.override?.option }
        #expect(Set(options).count == options.count)
    }

    @Test(
        "What it accepts is read: the least, the most, and what the example says", arguments: ConfigurationTable.fields)
    func accepted(field: ConfigurationField) throws {
        for value in values(of: field) { #expect(complaint(field, value) == nil, "\(value)") }
    }

    @Test("Just outside of its range it is refused, with the range", arguments: ConfigurationTable.fields)
    func outOfRange(field: ConfigurationField) throws {
        let outside: [String] =
            switch field.limits {
            case .integers(let range): ["\(range.lowerBound - 1)", "\(range.upperBound + 1)"]
            case .numbers(let range): ["\(range.lowerBound.nextDown)", "\(range.upperBound.nextUp)"]
            case .choice: ["0", "3"]
            case nil: []
            }
        for value in outside {
            let message = try #require(complaint(field, written(field, value)), "\(field.key) accepts \(value)")
            let words = try #require(field.limits?.message)
            #expect(message.contains("field '\(field.key)") && message.contains(words), "\(message)")
        }
    }

    @Test("A value of another kind is refused by its name", arguments: ConfigurationTable.fields)
    func anotherKind(field: ConfigurationField) throws {
        let message = try #require(complaint(field, "[[x]]"))
        let isNamed = message.contains("field '\(field.key)': ")
        #expect(
            isNamed && (message.contains("expected ") || message.contains("is not a number of pixels")), "\(message)")
    }

    @Test(
        "It changes itself and nothing else; left out, or null, it has its default",
        arguments: ConfigurationTable.fields)
    func place(field: ConfigurationField) throws {
        let plain = try configuration(field)
        for value in values(of: field) where value != field.defaultText {
            let changed = try configuration(field, value)
            // A folder stands instead of the device.
            let expected = field.key == "camera.folder" ? ["camera.device", field.key] : [field.key]
            #expect(changed.differences(from: plain).map(\.key) == expected, "\(value)")
        }
        guard !field.isRequired, !["camera.device", "camera.folder"].contains(field.key) else { return }
        #expect(try configuration(field, "~") == plain)
        if let text = field.defaultText { #expect(try configuration(field, text) == plain) }
    }

    @Test("A reload takes it, or it waits for a restart and is named", arguments: ConfigurationTable.fields)
    func reload(field: ConfigurationField) throws {
        let plain = try configuration(field)
        let value = try #require(values(of: field).first { $0 != field.defaultText })
        let changed = try configuration(field, value)
        let (effective, waiting) = plain.reloaded(as: changed)
        switch field.reload {
        case .taken: #expect(effective == changed && waiting.isEmpty)
        case .waitsForRestart: #expect(effective == plain && waiting.contains(field.key))
        }
    }

    @Test(
        "Its variable wins over the file, its option over both",
        arguments: ConfigurationTable.fields.filter { $0.override != nil })
    func overrides(field: ConfigurationField) throws {
        let override = try #require(field.override)
        let (one, other) = field.limits == nil ? ("/one", "/other") : ("1", "2")
        let isFlag = override.variable == nil
        var draft = try draft(field, isFlag ? "false" : one)
        if let variable = override.variable {
            draft.apply(try ConfigurationOverrides(environment: [variable: other, "HFLOC_EMPTY": ""]))
            #expect(try draft.complete() == configuration(field, other))
            #expect(ConfigurationOverrides.variables.contains(variable))
        }
        draft.apply(try ConfigurationOverrides(options: [override.option: [isFlag ? "true" : one]]))
        #expect(try draft.complete() == configuration(field, isFlag ? "true" : one))
        #expect(ConfigurationTable.help(ofOption: override.option).hasPrefix(field.summary))
    }

    @Test("What an option says wrongly is named with what is allowed")
    func wrongOptions() {
        for (options, field, reason) in [
            (["rate": ["1001"]], "--rate", "0 to 1000"), (["map": [""]], "--map", "expected text, found ''"),
            (["frames": ["a"], "device": ["b"]], "--frames and --device", "give one of them"),
        ] {
            let error = #expect(throws: ConfigurationError.self) { try ConfigurationOverrides(options: options) }
            #expect(error?.mistakes.map(\.field) == [field] && error?.mistakes.map(\.reason) == [reason])
        }
    }

    @Test("A device said at the start takes away what the file says of a folder, and a folder what it says of a device")
    func otherSource() throws {
        let onlyForDevice = "format: GREY, size: [64, 64], crop: [0, 0, 32, 32], reduction: 2, controls: {zoom: 1}"
        var device = try draft("camera: {device: /d, calibration: /c, \(onlyForDevice)}\nmap: /m\npublish: ipc:///p\n")
        device.apply(try ConfigurationOverrides(options: ["frames": ["/f"]]))
        var folder = try draft("camera: {folder: /f, calibration: /c, loop: true}\nmap: /m\npublish: ipc:///p\n")
        let looping = try folder.complete()
        folder.apply(try ConfigurationOverrides(environment: ["HFLOC_DEVICE": "/d"]))
        #expect(try device.complete().source == .folder(path: "/f", rate: nil, loops: false, follows: false))
        #expect(try device.complete().view == RegionOfInterest() && device.complete().controls.isEmpty)
        #expect(looping.source == .folder(path: "/f", rate: nil, loops: true, follows: false))
        #expect(try folder.complete().source == .device(path: "/d", format: nil, rate: nil))
    }
}

/// Values that the field accepts: both ends of its range, or what the example says.
private func values(of field: ConfigurationField) -> [String] {
    switch field.limits {
    case .integers(let range): [range.lowerBound, range.upperBound].map { written(field, "\($0)") }
    case .numbers(let range): [range.lowerBound, range.upperBound].map { written(field, "\($0)") }
    case .choice(let values): values.map { "\($0)" }
    case nil:
        if field.type == "true or false" {
            ["true", "false"]
        } else if let example = field.example {
            example.contains("\n") ? ["{\(example.split(separator: "\n").joined(separator: ", "))}"] : [example]
        } else {
            ["other"]
        }
    }
}

/// A number as the field wants it: bare, or the first of a list, or of a pose.
private func written(_ field: ConfigurationField, _ number: String) -> String {
    switch field.type {
    case let type where type.hasPrefix("{"): "{translation: [\(number), 0, 0], rotation: [1, 0, 0, 0]}"
    case let type where type.hasPrefix("["):
        "[" + ([number] + Array(repeating: "16", count: type.split(separator: ",").count - 1)).joined(separator: ", ")
            + "]"
    case let type where type.hasPrefix("list"): "[\(number)]"
    default: number
    }
}

/// The file that says `value` of the field (nil: nothing), and of others what the field needs.
private func text(_ field: ConfigurationField, _ value: String?) -> String {
    var values = ["map": "/m", "publish": "ipc:///p", "camera.calibration": "/c"]
    switch field.key {
    case "camera.rate", "camera.loop", "camera.follow": values["camera.folder"] = "/f"
    case "camera.folder" where value != nil: break
    default: values["camera.device"] = "/d"
    }
    let needsVehicle = [
        "odometry", "vehicle_state", "vehicle.base_frame", "vehicle.odom_frame", "vehicle.odometry_drift",
        "vehicle.coasting_limit",
    ]
    if field.key == "vehicle_state" { values["odometry"] = "ipc:///o" }
    if needsVehicle.contains(field.key) {
        values["vehicle.base_from_camera"] = "{translation: [0, 0, 0], rotation: [1, 0, 0, 0]}"
    }
    if field.key == "security.secret_key" { values["security.allow"] = "/a" }
    if let value { values[field.key] = value }
    return section(values.map { ($0.split(separator: ".").map(String.init), $1) })
}

/// Flow style, so that any value fits on its line.
private func section(_ values: [(path: [String], value: String)]) -> String {
    let groups = Dictionary(grouping: values) { $0.path[0] }
    let parts = groups.sorted { $0.key < $1.key }.map { name, members in
        let inner = members.filter { $0.path.count > 1 }
        return "\(name): "
            + (inner.isEmpty ? members[0].value : section(inner.map { (Array($0.path.dropFirst()), $0.value) }))
    }
    return "{" + parts.joined(separator: ", ") + "}"
}

private func draft(_ text: String) throws -> ConfigurationDraft {
    let file = TemporaryFile(text)
    return try withExtendedLifetime(file) { try ConfigurationDraft(reading: file.path) }
}

private func draft(_ field: ConfigurationField, _ value: String?) throws -> ConfigurationDraft {
    try draft(text(field, value))
}

private func configuration(_ field: ConfigurationField, _ value: String? = nil) throws -> DaemonConfiguration {
    try draft(field, value).complete()
}

/// What is said of the field's value; nil if it is accepted.
private func complaint(_ field: ConfigurationField, _ value: String) -> String? {
    do {
        _ = try configuration(field, value)
        return nil
    } catch {
        return "\(error)"
    }
}
