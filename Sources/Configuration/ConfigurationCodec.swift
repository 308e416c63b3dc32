internal import Geometry

/// How a value is written in the file: the one place for its type, for what is allowed, and for the way from text and
/// back.
struct ConfigurationCodec<Value: Sendable>: Sendable {
    typealias Decoder = @Sendable (YAMLField) throws(ConfigurationError) -> Value

    /// For people, such as "whole number".
    let type: String
    /// nil: anything of the type.
    var limits: ConfigurationLimits?
    /// Whether several values may be given.
    var isList = false
    /// A default as the file would have it; nil if it is nothing that can be written.
    var encode: @Sendable (Value) -> String? = { _ in nil }
    /// A value as a file may have it; nil if it is nothing that can be written.
    var write: @Sendable (Value) -> String? = { _ in nil }
    /// The addresses that such a value names.
    var addresses: @Sendable (Value) -> [String] = { _ in [] }
    /// The path that such a value is.
    var path: @Sendable (Value) -> String? = { _ in nil }
    /// What a field says. Throws everything that is wrong in it.
    let decode: Decoder
}

/// The values that a field accepts.
package enum ConfigurationLimits: Sendable, Equatable {
    case integers(ClosedRange<Int>)
    case numbers(ClosedRange<Double>)
    case choice([Int])

    /// As messages have it.
    package var message: String {
        switch self {
        case .integers(let range): YAMLField.text(range)
        case .numbers(let range): YAMLField.text(range)
        case .choice: words
        }
    }

    /// As texts have it.
    package var words: String {
        switch self {
        case .integers(let range): "\(range.lowerBound) to \(range.upperBound)"
        case .numbers(let range): "\(Self.plain(range.lowerBound)) to \(Self.plain(range.upperBound))"
        case .choice(let values):
            values.dropLast().map(String.init).joined(separator: ", ") + (values.last.map { " or \($0)" } ?? "")
        }
    }

    /// Without the fraction of a whole number.
    private static func plain(_ value: Double) -> String { Int(exactly: value).map(String.init) ?? "\(value)" }
}

extension ConfigurationCodec where Value == String {
    static var text: Self {
        Self(type: "text", encode: { $0 }, write: quoted) { (field) throws(ConfigurationError) in try field.string() }
    }

    /// As YAML's double quotes want it.
    static func quoted(_ text: String) -> String {
        let escaped = text.unicodeScalars.map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : "\($0)" }
        return "\"" + escaped.joined() + "\""
    }

    /// A relative one starts at the file's folder.
    static var path: Self {
        Self(type: "path", write: quoted, path: { $0 }) { (field) throws(ConfigurationError) in
            let path = try field.string()
            let folder = field.file.lastIndex(of: "/").map { field.file[...$0] } ?? ""
            return path.hasPrefix("/") ? path : folder + path
        }
    }
}

extension ConfigurationCodec where Value == Bool {
    static var boolean: Self {
        Self(type: "true or false", encode: { "\($0)" }) { (field) throws(ConfigurationError) in try field.boolean() }
    }
}

extension ConfigurationCodec where Value == Int {
    static func integer(_ allowed: ClosedRange<Int>) -> Self {
        Self(type: "whole number", limits: .integers(allowed), encode: { "\($0)" }) {
            (field) throws(ConfigurationError) in try field.integer(allowed)
        }
    }

    static func choice(_ values: Int...) -> Self {
        let limits = ConfigurationLimits.choice(values)
        return Self(type: "whole number", limits: limits, encode: { "\($0)" }) { (field) throws(ConfigurationError) in
            if let value = field.integer, values.contains(value) { return value }
            throw field.error("expected \(limits.words), found \(field.node.kind)")
        }
    }
}

extension ConfigurationCodec where Value == Double {
    static func number(_ allowed: ClosedRange<Double>) -> Self {
        Self(type: "number", limits: .numbers(allowed), encode: { "\($0)" }) {
            (field) throws(ConfigurationError) in try field.number(allowed)
        }
    }

    /// Degrees in the file, radians in the program.
    static func degrees(_ radians: ClosedRange<Double>) -> Self {
        // To the billionth: the conversion may lose the last bit, and 0.9999999999999999 is no text for people.
        @Sendable func degrees(_ angle: Double) -> Double { (angle * 180 / .pi * 1e9).rounded() / 1e9 }
        let allowed = degrees(radians.lowerBound)...degrees(radians.upperBound)
        return Self(type: "number", limits: .numbers(allowed), encode: { "\(degrees($0))" }) {
            (field) throws(ConfigurationError) in try field.number(allowed) * .pi / 180
        }
    }
}

extension ConfigurationCodec where Value == [String] {
    static var endpoints: Self {
        Self(
            type: "address, or list of addresses", isList: true,
            write: { "[" + $0.map(ConfigurationCodec<String>.quoted).joined(separator: ", ") + "]" },
            addresses: { $0 }
        ) {
            (field) throws(ConfigurationError) in try field.strings()
        }
    }
}

extension ConfigurationCodec where Value == [Int] {
    static func integers(_ allowed: ClosedRange<Int>) -> Self {
        Self(type: "list of whole numbers", limits: .integers(allowed), isList: true, write: { "\($0)" }) {
            (field) throws(ConfigurationError) in try field.integers(allowed)
        }
    }

    /// As many numbers of pixels as there are names.
    static func pixels(_ names: String..., least: Int) -> Self {
        let allowed = ConfigurationLimits.integers(least...16384)
        let form = "[\(names.joined(separator: ", "))]"
        return Self(type: form, limits: allowed, write: { "\($0)" }) { (field) throws(ConfigurationError) in
            let values = try (field.items ?? []).map { (item) throws(ConfigurationError) in
                if let value = item.integer, case .integers(let range) = allowed, range.contains(value) { return value }
                throw item.error("\(item.node.kind) is not a number of pixels (allowed: \(allowed.message))")
            }
            if values.count == names.count { return values }
            throw field.error("expected \(form), found \(field.node.kind)")
        }
    }
}

extension ConfigurationCodec where Value == [CameraControl] {
    /// Every field of a section, in the file's order.
    static var controls: Self {
        Self(
            type: "section of whole numbers, true or false",
            write: { controls in
                let entries = controls.map { "\(ConfigurationCodec<String>.quoted($0.name)): \($0.value)" }
                return "{" + entries.joined(separator: ", ") + "}"
            }
        ) { (field) throws(ConfigurationError) in
            var section = try field.section()
            var report = MistakeReport(file: field.file)
            var controls: [CameraControl] = []
            for name in section.names {
                guard let node = section.take(name) else { continue }
                if case .scalar(let text, true) = node.content, let value = Int(text) ?? node.truth.map({ $0 ? 1 : 0 })
                {
                    controls.append(CameraControl(name: name, value: value))
                } else {
                    report.add(section.error(node, name, "expected a whole number, true or false, found \(node.kind)"))
                }
            }
            try report.check()
            return controls
        }
    }
}

extension ConfigurationCodec where Value == RigidTransform {
    private static var form: String { "{translation: [x, y, z], rotation: [w, x, y, z]}" }

    /// A section of both parts of a pose: metres, each within `allowed`, and a unit quaternion.
    static func pose(within allowed: ClosedRange<Double>) -> Self {
        Self(
            type: form, limits: .numbers(allowed),
            write: { pose in
                let (t, q) = (pose.translation, pose.rotation)
                let numbers = [q.w, q.imaginary.x, q.imaginary.y, q.imaginary.z]
                return "{translation: \([t.x, t.y, t.z]), rotation: \(numbers)}"
            }
        ) { (field) throws(ConfigurationError) in
            var section = try field.section()
            var report = MistakeReport(file: field.file)
            let translation = numbers(of: "translation", "[x, y, z, metres]", 3, allowed, &section, &report)
            let quaternion = numbers(of: "rotation", "[w, x, y, z], a unit quaternion", 4, nil, &section, &report)
            let rotation = quaternion.flatMap { (field, q) in
                report.collect { () throws(ConfigurationError) in try unit(q, field) }
            }
            for error in section.unknownFields { report.add(error) }
            try report.check()
            guard let (_, t) = translation, let rotation else { throw field.error("expected \(form)") }
            return RigidTransform(rotation: rotation, translation: Vector3(t[0], t[1], t[2]))
        }
    }

    /// A field of exactly so many numbers, which must be given; nil with what is wrong reported.
    private static func numbers(
        of name: String, _ form: String, _ count: Int, _ allowed: ClosedRange<Double>?, _ section: inout YAMLSection,
        _ report: inout MistakeReport
    ) -> (YAMLField, [Double])? {
        guard let field = section.field(name) else {
            report.add(line: section.line, field: section.prefix + name, "missing: \(form)")
            return nil
        }
        guard let items = field.items, items.count == count else {
            report.add(field.error("expected \(count) numbers \(form), found \(field.node.kind)"))
            return nil
        }
        let values = items.compactMap { item in
            report.collect { () throws(ConfigurationError) in try item.number(allowed) }
        }
        return values.count == count ? (field, values) : nil
    }

    private static func unit(_ q: [Double], _ field: YAMLField) throws(ConfigurationError) -> Rotation {
        // What this program has written is taken as it is, to the last bit.
        if abs(q.reduce(0) { $0 + $1 * $1 } - 1) < 1e-12,
            let rotation = Rotation(exactlyW: q[0], x: q[1], y: q[2], z: q[3])
        {
            return rotation
        }
        if let rotation = Rotation(checkingW: q[0], x: q[1], y: q[2], z: q[3]) { return rotation }
        let length = q.reduce(0) { $0 + $1 * $1 }.squareRoot()
        throw field.error("its length is \(length) (allowed: 1 within 1 %; order w, x, y, z)")
    }
}
