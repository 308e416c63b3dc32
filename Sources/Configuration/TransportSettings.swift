public import Geometry

/// Where and how the daemon speaks, beyond the poses' own endpoint and the control endpoint.
public struct TransportSettings: Sendable, Equatable {
    public var record: [String] = []
    public var json: [String] = []
    public var odometry: [String] = []
    public var vehicle: VehicleSettings?
    public var security: SecuritySettings?

    public init() {}

    /// Why an address cannot be used, or nil. The wire's rules are not this module's: who knows them passes them in.
    public typealias EndpointCheck = (_ address: String, _ isControl: Bool, _ hasKey: Bool) -> String?
}

/// Where the camera sits on the vehicle.
public struct VehicleSettings: Sendable, Equatable {
    public var baseFrame: String
    public var odomFrame: String
    public var baseFromCamera: RigidTransform
}

/// Who may connect from elsewhere.
public struct SecuritySettings: Sendable, Equatable {
    /// The file with the daemon's secret CURVE key; nil: systemd's credential `hfloc.curve`.
    public var secretKey: String?
    /// The file with the public keys of its clients.
    public var allow: String
}

extension TransportSettings {
    /// Takes its fields from the root of the file.
    ///
    /// - Parameters:
    ///   - root: the file's outermost section.
    ///   - located: makes an absolute path of one that is relative to the file.
    init(_ root: inout ConfigurationSection, located: (String?) -> String?) {
        record = root.strings("record") ?? []
        json = root.strings("json") ?? []
        odometry = root.strings("odometry") ?? []
        if var section = root.section("vehicle") { vehicle = VehicleSettings(&section) }
        if var section = root.section("security") {
            let secretKey = located(section.string("secret_key"))
            if let allow = located(section.string("allow")) {
                security = SecuritySettings(secretKey: secretKey, allow: allow)
            } else {
                section.missing("allow", "the file with the clients' public keys, one per line")
            }
            section.finish()
        }
    }

    /// The addresses of one field.
    subscript(field: String) -> [String] {
        switch field {
        case "record": record
        case "json": json
        default: odometry
        }
    }
}

extension VehicleSettings {
    fileprivate init?(_ section: inout ConfigurationSection) {
        baseFrame = section.string("base_frame") ?? "base_link"
        odomFrame = section.string("odom_frame") ?? "odom"
        let pose = section.section("base_from_camera")
        if pose == nil {
            section.missing(
                "base_from_camera", "{translation: [x, y, z], rotation: [w, x, y, z]}, the camera on the vehicle")
        }
        section.finish()
        guard var pose else { return nil }
        let translation = pose.vector("translation", of: "x, y, z, metres", count: 3, -1000...1000)
        let rotation = pose.rotation("rotation")
        pose.finish()
        guard let translation, let rotation else { return nil }
        baseFromCamera = RigidTransform(
            rotation: rotation, translation: Vector3(translation[0], translation[1], translation[2]))
    }
}

extension ConfigurationSection {
    /// Exactly so many numbers, which must be given.
    fileprivate mutating func vector(
        _ key: String, of meaning: String, count: Int, _ allowed: ClosedRange<Double>
    ) -> [Double]? {
        guard let node = take(key) else {
            missing(key, "[\(meaning)]")
            return nil
        }
        guard case .sequence(let items) = node.content, items.count == count else {
            wrong(node, key, "expected \(count) numbers [\(meaning)], found \(node.kind)")
            return nil
        }
        let values = items.compactMap { number($0, key, allowed) }
        return values.count == count ? values : nil
    }

    /// A unit quaternion, which must be given.
    fileprivate mutating func rotation(_ key: String) -> Rotation? {
        let line = take(key)
        guard let line else {
            missing(key, "[w, x, y, z], a unit quaternion")
            return nil
        }
        guard case .sequence(let items) = line.content, items.count == 4 else {
            wrong(line, key, "expected 4 numbers [w, x, y, z], a unit quaternion, found \(line.kind)")
            return nil
        }
        let q = items.compactMap { number($0, key, nil) }
        guard q.count == 4 else { return nil }
        if let rotation = Rotation(checkingW: q[0], x: q[1], y: q[2], z: q[3]) { return rotation }
        wrong(
            line, key,
            "its length is \(q.reduce(0) { $0 + $1 * $1 }.squareRoot()) (allowed: 1 within 1 %; order w, x, y, z)")
        return nil
    }
}
