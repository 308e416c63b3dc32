internal import LocalizationOptions

/// One field of the configuration: all that is known about it. ``ConfigurationTable`` holds them.
package struct ConfigurationField: Sendable, CustomStringConvertible {
    /// With the names of its sections, such as "localizer.gates.minimum_inliers".
    package let key: String
    /// Where its value is kept, how it is written, and what it accepts.
    let value: ConfigurationValue
    /// Such as "px"; nil: a bare number, or none.
    package let unit: String?
    let demand: Demand
    /// Whether a running daemon takes it over.
    package let reload: Reload
    /// How it may be said outside the file; nil: it cannot.
    package let override: ConfigurationOverride?
    /// nil: for every source of frames.
    let source: SourceKind?
    /// What holds without it, in words, where its default is nothing that can be written.
    package let absence: String?
    /// What the example says where there is no default: what stands behind the colon. Of a section, its lines.
    package let example: String?
    /// What it is: one sentence.
    package let abstract: String
    /// What else there is to know; may be empty.
    package let discussion: String

    init(
        _ key: String, _ value: ConfigurationValue, unit: String? = nil, demand: Demand = .optional,
        reload: Reload = .taken, override: ConfigurationOverride? = nil, source: SourceKind? = nil,
        absence: String? = nil, example: String? = nil, _ abstract: String, _ discussion: String = ""
    ) {
        (self.key, self.value, self.unit, self.demand, self.reload) = (key, value, unit, demand, reload)
        (self.override, self.source, self.absence, self.example) = (override, source, absence, example)
        (self.abstract, self.discussion) = (abstract, discussion)
    }

    enum Demand: Sendable {
        case optional
        /// Without it nothing can start; what is missing then.
        case always(String)
        /// Its section needs it.
        case inSection(String)
    }

    package enum Reload: Sendable {
        case taken
        case waitsForRestart
    }

    /// A source of frames, by the field that names it. What belongs to one has no meaning for the other.
    enum SourceKind: String, Sendable {
        case device = "camera.device"
        case folder = "camera.folder"
    }

    /// Whether it names a source itself.
    var isSource: Bool { source?.rawValue == key }

    package var description: String { key }

    /// Its last component.
    package var name: String { ConfigurationTable.split(key).name }

    /// For people, such as "whole number".
    package var type: String { value.type }
    package var limits: ConfigurationLimits? { value.limits }
    /// As the file would have it; nil: see ``absence``.
    package var defaultText: String? { value.text(DaemonConfiguration()) }

    /// What it is, with what it accepts: one sentence.
    package var summary: String {
        guard let limits else { return abstract }
        return abstract.dropLast() + ": \(limits.words)" + (unit.map { " \($0)" } ?? "") + "."
    }

    /// Whether the example gives it, so that nothing is missing there.
    package var isGivenInExample: Bool {
        if case .always = demand { true } else { key == SourceKind.device.rawValue }
    }

    package var isRequired: Bool {
        if case .optional = demand { false } else { true }
    }

    /// Whether its section cannot be without it.
    package var isRequiredInSection: Bool {
        if case .inSection = demand { true } else { false }
    }
}

/// How a field may be said outside the file.
package struct ConfigurationOverride: Sendable {
    /// Without its dashes.
    package let option: String
    /// What stands for the value in messages; nil: a flag.
    let placeholder: String?
    /// nil for a flag, which no variable says.
    package var variable: String? { placeholder.map { _ in ConfigurationOverrides.prefix + option.uppercased() } }

    static func option(_ name: String, _ placeholder: String) -> Self { Self(option: name, placeholder: placeholder) }

    static func flag(_ name: String) -> Self { Self(option: name, placeholder: nil) }
}

/// Where a field's value is kept, whatever its type, and how it is written.
struct ConfigurationValue: Sendable {
    typealias Path<Value> = any WritableKeyPath<DaemonConfiguration, Value> & Sendable

    let type: String
    let limits: ConfigurationLimits?
    let isList: Bool
    /// Takes over what a field says.
    let decode: @Sendable (YAMLField, inout DaemonConfiguration) throws(ConfigurationError) -> Void
    /// As the file would have it, if it can be written.
    let text: @Sendable (DaemonConfiguration) -> String?
    /// What a file says for it; nil where the default, or nothing, is said.
    let written: @Sendable (DaemonConfiguration) -> String?
    /// The addresses it names, if it is of endpoints.
    let addresses: @Sendable (DaemonConfiguration) -> [String]
    /// The path it is, if it is one.
    let path: @Sendable (DaemonConfiguration) -> String?
    let isEqual: @Sendable (DaemonConfiguration, DaemonConfiguration) -> Bool
    let copy: @Sendable (_ from: DaemonConfiguration, _ to: inout DaemonConfiguration) -> Void

    /// - Parameters:
    ///   - path: of the file.
    ///   - codec: how the value is read and written.
    ///   - written: the value as a file has it.
    ///   - put: makes what is kept of what is written.
    private init<Kept: Equatable & Sendable, Written>(
        _ path: Path<Kept>, _ codec: ConfigurationCodec<Written>,
        written: @escaping @Sendable (Kept) -> Written?, put: @escaping @Sendable (Written, inout Kept) -> Void
    ) {
        (type, limits, isList) = (codec.type, codec.limits, codec.isList)
        decode = { (field, configuration) throws(ConfigurationError) in
            put(try codec.decode(field), &configuration[keyPath: path])
        }
        text = { written($0[keyPath: path]).flatMap(codec.encode) }
        self.written = { configuration in
            guard configuration[keyPath: path] != DaemonConfiguration()[keyPath: path] else { return nil }
            return written(configuration[keyPath: path]).flatMap { codec.write($0) ?? codec.encode($0) }
        }
        addresses = { written($0[keyPath: path]).map(codec.addresses) ?? [] }
        self.path = { written($0[keyPath: path]).flatMap(codec.path) }
        isEqual = { $0[keyPath: path] == $1[keyPath: path] }
        copy = { $1[keyPath: path] = $0[keyPath: path] }
    }

    static func at<Value: Equatable & Sendable>(
        _ path: Path<Value>, _ codec: ConfigurationCodec<Value>
    ) -> Self {
        Self(path, codec, written: { $0 }, put: { $1 = $0 })
    }

    /// Of a value that may be absent.
    static func at<Value: Equatable & Sendable>(
        _ path: Path<Value?>, _ codec: ConfigurationCodec<Value>
    ) -> Self {
        Self(path, codec, written: { $0 }, put: { $1 = $0 })
    }

    /// Of a quantity that brings its range along.
    static func at(
        _ path: Path<Limited<Int>>,
        _ codec: (ClosedRange<Int>) -> ConfigurationCodec<Int> = { .integer($0) }
    ) -> Self {
        Self(
            path, codec(DaemonConfiguration()[keyPath: path].allowed), written: { $0.wrappedValue },
            put: { $1.wrappedValue = $0 })
    }

    static func at(
        _ path: Path<Limited<Double>>,
        _ codec: (ClosedRange<Double>) -> ConfigurationCodec<Double> = { .number($0) }
    ) -> Self {
        Self(
            path, codec(DaemonConfiguration()[keyPath: path].allowed), written: { $0.wrappedValue },
            put: { $1.wrappedValue = $0 })
    }
}
