/// What the file and the command line have said so far. The command line is applied last, and wins.
public struct ConfigurationDraft: Sendable {
    /// For messages about what is missing: the file, or the command line.
    public private(set) var origin = "command line"
    public var folder: String?
    public var device: String?
    public var format: String?
    public var rate: Double?
    public var loops: Bool?
    public var calibration: String?
    public var mapFrame: String?
    public var cameraFrame: String?
    public var map: String?
    public var model: String?
    public var endpoints: [String] = []
    public var localizer = LocalizerSettings()
    public var realTime = RealTimeSettings()

    /// Of images or frames, per second.
    public static let allowedRates = 0.0...1000.0

    public init() {}

    /// Reads the file; paths in it are relative to its folder.
    public init(reading path: String) throws(ConfigurationError) {
        origin = path
        let bytes = try TextFile.read(path, what: "a configuration")
        var root = try YAMLSection(try YAMLParser.parse(bytes, file: path), file: path)
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
        func located(_ path: String?) -> String? { path.map { $0.hasPrefix("/") ? $0 : folder + $0 } }

        map = located(try root.string("map"))
        model = located(try root.string("model"))
        mapFrame = try root.string("map_frame")
        endpoints = try root.strings("publish") ?? []
        if var camera = try root.section("camera") {
            self.folder = located(try camera.string("folder"))
            device = located(try camera.string("device"))
            format = try camera.string("format")
            rate = try camera.number("rate", Self.allowedRates)
            loops = try camera.boolean("loop")
            calibration = located(try camera.string("calibration"))
            cameraFrame = try camera.string("frame")
            try camera.finish()
        }
        if var section = try root.section("localizer") { localizer = try LocalizerSettings(&section) }
        if var section = try root.section("real_time") { realTime = try RealTimeSettings(&section) }
        try root.finish()
    }

    /// The whole configuration, or what is missing.
    public func complete() throws(ConfigurationError) -> DaemonConfiguration {
        guard let calibration else {
            throw missing("camera.calibration", "missing: the camera file (or --camera FILE)")
        }
        guard let map else { throw missing("map", "missing: the map file (or --map FILE)") }
        guard !endpoints.isEmpty else {
            throw missing(
                "publish", "missing: where to publish, as in ipc:///run/hfloc/cam0/localization (or --publish ENDPOINT)"
            )
        }
        return DaemonConfiguration(
            source: try source(), calibration: calibration, mapFrame: mapFrame ?? "map",
            cameraFrame: cameraFrame ?? "camera", map: map, model: model, endpoints: endpoints, localizer: localizer,
            realTime: realTime)
    }

    private func source() throws(ConfigurationError) -> DaemonConfiguration.Source {
        switch (folder, device) {
        case (let folder?, nil):
            guard format == nil else {
                throw missing("camera.format", "belongs to a device, not to a folder of images")
            }
            return .folder(path: folder, rate: rate, loops: loops ?? false)
        case (nil, let device?):
            guard loops == nil else { throw missing("camera.loop", "belongs to a folder of images, not to a device") }
            if let rate, rate == 0 {
                throw missing("camera.rate", "0 is for folders of images; a device needs frames per second")
            }
            return .device(path: device, format: format, rate: rate)
        case (nil, nil):
            throw missing("camera.device", "missing: a device, or camera.folder with images (or --device or --frames)")
        default:
            throw missing("camera.folder", "stands beside camera.device; give one of them")
        }
    }

    private func missing(_ field: String, _ reason: String) -> ConfigurationError {
        ConfigurationError(file: origin, field: field, reason)
    }
}

extension LocalizerSettings {
    init(_ section: inout YAMLSection) throws(ConfigurationError) {
        keypoints = try section.integer("keypoints", 50...5000)
        priors = try section.integer("priors", 1...100)
        cachedKeyframes = try section.integer("cached_keyframes", 1...100)
        failuresUntilLost = try section.integer("failures_until_lost", 1...1000)
        if var gates = try section.section("gates") {
            minimumInliers = try gates.integer("minimum_inliers", 6...1000)
            minimumTrackedInliers = try gates.integer("minimum_tracked_inliers", 6...1000)
            minimumInlierRatio = try gates.number("minimum_inlier_ratio", 0...1)
            minimumSpread = try gates.number("minimum_spread", 0...1)
            maximumReprojectionRMS = try gates.number("maximum_reprojection_rms_px", 0.1...100)
            try gates.finish()
        }
        try section.finish()
    }
}

extension RealTimeSettings {
    init(_ section: inout YAMLSection) throws(ConfigurationError) {
        locksMemory = try section.boolean("lock_memory") ?? false
        priority = try section.integer("priority", 1...99)
        cpus = try section.integers("cpus", 0...1023) ?? []
        try section.finish()
    }
}
