/// What the file, the environment and the command line have said so far. Each is laid over the one before: an option
/// wins over a variable, a variable over the file, the file over the defaults.
public struct ConfigurationDraft: Sendable {
    /// For messages about what is missing: the file, or the command line.
    private var origin = "command line"
    /// Where the file's fields stand.
    private var lines: [String: Int] = [:]
    private var folder: String?
    private var device: String?
    private var format: String?
    private var rate: Double?
    private var view = RegionOfInterest()
    private var controls: [CameraControl] = []
    private var loops: Bool?
    private var calibration: String?
    private var mapFrame: String?
    private var cameraFrame: String?
    private var map: String?
    private var model: String?
    private var state: String?
    private var endpoints: [String] = []
    private var control: [String] = []
    private var wire = TransportSettings()
    private var localizer = LocalizerSettings()
    private var realTime = RealTimeSettings()

    /// Of images or frames, per second.
    public static let allowedRates = 0.0...1000.0

    public init() {}

    /// Reads the file; paths in it are relative to its folder. Everything that is wrong in it is told at once.
    public init(reading path: String) throws(ConfigurationError) {
        origin = path
        let bytes = try TextFile.read(path, what: "a configuration")
        let report = MistakeReport(file: path)
        var root = try ConfigurationSection(reading: bytes, report: report)
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
        func located(_ path: String?) -> String? { path.map { $0.hasPrefix("/") ? $0 : folder + $0 } }

        map = located(root.string("map"))
        model = located(root.string("model"))
        state = located(root.string("state"))
        mapFrame = root.string("map_frame")
        endpoints = root.strings("publish") ?? []
        control = root.strings("control") ?? []
        wire = TransportSettings(&root, located: located)
        if var camera = root.section("camera") {
            self.folder = located(camera.string("folder"))
            device = located(camera.string("device"))
            format = camera.string("format")
            rate = camera.number("rate", Self.allowedRates)
            loops = camera.boolean("loop")
            calibration = located(camera.string("calibration"))
            cameraFrame = camera.string("frame")
            view = RegionOfInterest(&camera, file: path)
            if var section = camera.section("controls") { controls = section.controls() }
            camera.finish()
        }
        if var section = root.section("localizer") { localizer = LocalizerSettings(&section) }
        if var section = root.section("real_time") { realTime = RealTimeSettings(&section) }
        root.finish()
        lines = report.lines
        // What the environment and the command line may still give is not missed yet.
        try report.check()
    }

    /// Lays what a person said at start over the file.
    public mutating func apply(_ overrides: ConfigurationOverrides) {
        if let device = overrides.device { (self.device, folder, loops) = (device, nil, nil) }
        if let folder = overrides.folder {
            (self.folder, device, format) = (folder, nil, nil)
            (view, controls) = (RegionOfInterest(), [])
        }
        rate = overrides.rate ?? rate
        loops = overrides.loops ?? loops
        map = overrides.map ?? map
        model = overrides.model ?? model
        state = overrides.state ?? state
        calibration = overrides.calibration ?? calibration
        if !overrides.endpoints.isEmpty { endpoints = overrides.endpoints }
        if !overrides.control.isEmpty { control = overrides.control }
    }

    /// The whole configuration, or everything that is missing or contradicts itself.
    ///
    /// - Parameter endpointProblem: the wire's rules for addresses.
    public func complete(
        endpointProblem: TransportSettings.EndpointCheck = { _, _, _ in nil }
    ) throws(ConfigurationError) -> DaemonConfiguration {
        let report = MistakeReport(file: origin)
        func demand(_ field: String, _ what: String) {
            report.add(line: line(of: field), field: field, "missing: \(what)")
        }
        if calibration == nil { demand("camera.calibration", "the camera file (or --camera FILE)") }
        if map == nil { demand("map", "the map file (or --map FILE)") }
        if endpoints.isEmpty {
            demand("publish", "where to publish, as in ipc:///run/hfloc/cam0/localization (or --publish ENDPOINT)")
        }
        checkWire(report, endpointProblem)
        let source = source(report)
        try report.check()
        guard let calibration, let map, let source else {
            throw ConfigurationError(file: origin, "a field has no value")
        }
        return DaemonConfiguration(
            source: source, calibration: calibration, mapFrame: mapFrame ?? "map",
            cameraFrame: cameraFrame ?? "camera", map: map, model: model, state: state, endpoints: endpoints,
            control: control, wire: wire, view: view, controls: controls, localizer: localizer, realTime: realTime)
    }

    /// Where the field stands, or the section in which it is missing; nil for one that is missing in the file itself.
    private func line(of field: String) -> Int? {
        lines[field] ?? field.lastIndex(of: ".").flatMap { lines[String(field[..<$0])] }
    }

    private func checkWire(_ report: MistakeReport, _ problem: TransportSettings.EndpointCheck) {
        let fields =
            [("publish", endpoints), ("control", control)]
            + ["record", "json", "odometry"].map { ($0, wire[$0]) }
        var taken: [String: String] = [:]
        for (field, addresses) in fields {
            for address in addresses {
                if let first = taken.updateValue(field, forKey: address) {
                    report.add(
                        line: lines[field], field: field,
                        "'\(address)': \(first) has this address already; each needs its own")
                }
                guard let reason = problem(address, field == "control", wire.security != nil) else { continue }
                report.add(line: lines[field], field: field, "'\(address)': \(reason)")
            }
        }
        guard !wire.odometry.isEmpty, wire.vehicle == nil else { return }
        report.add(
            line: lines["odometry"], field: "odometry",
            "needs vehicle.base_from_camera, which says where the camera sits on the vehicle")
    }

    private func source(_ report: MistakeReport) -> DaemonConfiguration.Source? {
        func refuse(_ field: String, _ reason: String) { report.add(line: line(of: field), field: field, reason) }
        switch (folder, device) {
        case (let folder?, nil):
            if format != nil { refuse("camera.format", "belongs to a device, not to a folder of images") }
            if let field = view.firstField ?? (controls.isEmpty ? nil : "camera.controls") {
                refuse(field, "belongs to a device, not to a folder of images")
            }
            return .folder(path: folder, rate: rate, loops: loops ?? false)
        case (nil, let device?):
            if loops != nil { refuse("camera.loop", "belongs to a folder of images, not to a device") }
            if rate == 0 { refuse("camera.rate", "0 is for folders of images; a device needs frames per second") }
            return .device(path: device, format: format, rate: rate)
        case (nil, nil):
            refuse("camera.device", "missing: a device, or camera.folder with images (or --device or --frames)")
        default:
            refuse("camera.folder", "stands beside camera.device; give one of them")
        }
        return nil
    }
}

extension LocalizerSettings {
    init(_ section: inout ConfigurationSection) {
        keypoints = section.integer("keypoints", 50...5000)
        priors = section.integer("priors", 1...100)
        cachedKeyframes = section.integer("cached_keyframes", 1...100)
        failuresUntilLost = section.integer("failures_until_lost", 1...1000)
        if var gates = section.section("gates") {
            minimumInliers = gates.integer("minimum_inliers", 6...1000)
            minimumTrackedInliers = gates.integer("minimum_tracked_inliers", 6...1000)
            minimumInlierRatio = gates.number("minimum_inlier_ratio", 0...1)
            minimumSpread = gates.number("minimum_spread", 0...1)
            minimumRecognition = gates.number("minimum_recognition", 0...1)
            maximumReprojectionRMS = gates.number("maximum_reprojection_rms_px", 0.1...100)
            gates.finish()
        }
        if var degraded = section.section("degraded") {
            degradedInliers = degraded.integer("inliers", 0...5000)
            degradedPosition = degraded.number("position_deviation_m", 0...1e6)
            degradedRotation = degraded.number("rotation_deviation_deg", 0...180)
            degraded.finish()
        }
        section.finish()
    }
}

extension RealTimeSettings {
    init(_ section: inout ConfigurationSection) {
        locksMemory = section.boolean("lock_memory") ?? false
        priority = section.integer("priority", 1...99)
        cpus = section.integers("cpus", 0...1023) ?? []
        section.finish()
    }
}
