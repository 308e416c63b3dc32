internal import Capture
internal import Configuration
internal import Errors
internal import Files
internal import Geometry
package import Inference
internal import Publishing
internal import Recording
internal import ReferenceMap

/// The checks of `hfloc doctor`, in the order in which the daemon would stumble: the steps of its start, each tried
/// whether or not the one before has failed.
package struct Diagnostics {
    package private(set) var findings: [Finding] = []
    /// Control endpoints that somebody answers at: a running hflocd, which may be asked how it fares.
    package private(set) var answeredControls: [String] = []
    private let environment: [String: String]

    /// - Parameters:
    ///   - path: the configuration file.
    ///   - environment: the program's variables.
    ///   - machine: what the machine offers; a test scripts it.
    ///   - openModel: reads the model at a path.
    package init(
        configuration path: String, environment: [String: String], machine: Machine = .thisOne,
        openModel: (String) throws -> Model = { try Model(opening: $0) }
    ) {
        self.environment = environment
        let configuration = examineConfiguration(path)
        let model = examineModel(configuration, openModel)
        examineMap(configuration, model)
        let camera = examineCalibration(configuration)
        examineSource(configuration, camera, machine)
        examineKeys(configuration)
        examineEndpoints(configuration)
        examineState(configuration)
        examineRecording(configuration)
        findings += machine.findings(for: configuration?.realTime ?? RealTimeSettings())
    }

    /// Takes in what a running hflocd says of itself.
    package mutating func add(_ more: [Finding]) { findings += more }

    /// For people: a line for each finding, what to do below it, and the verdict at the end.
    package var text: String {
        func filled(_ text: String, _ width: Int) -> String {
            text + String(repeating: " ", count: max(0, width - text.count))
        }
        let width = findings.reduce(0) { max($0, $1.name.count) } + 2
        let indent = String(repeating: " ", count: width + 9)
        var lines: [String] = []
        for finding in findings {
            let found = finding.found.joined(separator: "\n" + indent)
            lines.append(filled("\(finding.verdict)", 9) + filled(finding.name, width) + found)
            if let cure = finding.cure { lines.append(indent + "-> " + cure) }
        }
        let failures = findings.count { $0.failure != nil }
        let warnings = findings.count { $0.verdict == .warning }
        lines.append(
            failures > 0
                ? "hflocd cannot run: \(failures) failed"
                : "hflocd can run" + (warnings > 0 ? ", \(warnings) warnings" : ""))
        return lines.joined(separator: "\n")
    }

    private mutating func examineConfiguration(_ path: String) -> DaemonConfiguration? {
        let environment = environment
        return examine("configuration") {
            (try DaemonConfiguration.complete(file: path, environment: environment), path)
        }
    }

    private mutating func examineModel(
        _ configuration: DaemonConfiguration?, _ open: (String) throws -> Model
    ) -> Model? {
        examine("model") {
            let model = try open(try InstalledModel.resolve(configuration?.model))
            return (model, "\(model.path): \(model.name), \(model.modelID.prefix(12))")
        }
    }

    private mutating func examineMap(_ configuration: DaemonConfiguration?, _ model: Model?) {
        guard let configuration else {
            findings.append(Finding("map", .unknown, "the configuration names none"))
            return
        }
        _ = examine("map") {
            let map = try ReferenceMap(opening: configuration.map)
            if let model { try map.require(modelID: model.modelID, orWeights: model.weightsID) }
            return (map, "\(map.path): \(map.keyframeCount) keyframes, \(map.landmarkCount) landmarks")
        }
    }

    private mutating func examineCalibration(_ configuration: DaemonConfiguration?) -> CameraFile? {
        guard let configuration else {
            findings.append(Finding("calibration", .unknown, "the configuration names none"))
            return nil
        }
        return examine("calibration") {
            let file = try CameraFile(reading: configuration.calibration)
            return (file, "\(file.path): \(file.camera.model.rawValue), \(file.camera.width)x\(file.camera.height)")
        }
    }

    private mutating func examineSource(
        _ configuration: DaemonConfiguration?, _ file: CameraFile?, _ machine: Machine
    ) {
        guard let configuration, let file else {
            findings.append(Finding("camera", .unknown, "needs the configuration and the calibration"))
            return
        }
        switch configuration.source {
        case .folder(let path, let rate, let loops, let follows):
            do {
                let folder = try ImageFolder(
                    path: path, rate: rate, loops: loops, follows: follows, calibratedBy: file)
                findings.append(Finding("camera", .ok, folder.summary))
            } catch let mismatch as ImageSizeMismatch {
                findings.append(
                    Finding(
                        "camera", .failed(mismatch.exitStatus),
                        "\(mismatch.image) has \(mismatch.size.width)x\(mismatch.size.height) pixels, \(file.path) is "
                            + "of \(file.camera.width)x\(file.camera.height)",
                        cure: "give the camera file of these images"))
            } catch {
                findings.append(Finding("camera", error))
            }
        case .device(let path, let format, let rate):
            do throws(ConfigurationError) {
                _ = try configuration.camera(of: file.camera, part: file.record.part)
                findings += CameraDiagnostics.findings(
                    for: configuration, path: path, format: format, rate: rate, file: file, on: machine)
            } catch {
                findings.append(Finding("camera", error))
            }
        }
    }

    private mutating func examineKeys(_ configuration: DaemonConfiguration?) {
        guard let security = configuration?.wire.security else { return }
        let keys = Keys(environment: environment)
        _ = examine("keys") {
            try keys.check(security)
            return ((), "\(security.secretKey ?? "the credential hfloc.curve"), \(security.allow)")
        }
    }

    private mutating func examineEndpoints(_ configuration: DaemonConfiguration?) {
        guard let configuration else { return }
        let wire = configuration.wire
        let open = configuration.endpoints + wire.record + wire.json + wire.odometry + wire.position + wire.imu
        for (index, address) in (open + configuration.control).enumerated() {
            do throws(PublishingError) {
                let purpose = index < open.count ? Endpoint.Purpose.publishing : .control
                let endpoint = try Endpoint(address, for: purpose, hasKey: wire.security != nil)
                try endpoint.checkFree()
                findings.append(Finding("endpoint", .ok, address))
            } catch .inUse {
                if index >= open.count { answeredControls.append(address) }
                findings.append(
                    Finding("endpoint", .ok, "\(address): in use, by a running hflocd if there is one"))
            } catch {
                findings.append(Finding("endpoint", error))
            }
        }
    }

    private mutating func examineState(_ configuration: DaemonConfiguration?) {
        guard let configuration else { return }
        guard let folder = configuration.state else {
            findings.append(
                Finding(
                    "state", .ok,
                    "kept in $STATE_DIRECTORY, which systemd sets (StateDirectory=); without it, nothing is kept"))
            return
        }
        guard let problem = StateFolder(folder, environment: environment).problem else {
            findings.append(Finding("state", .ok, folder))
            return
        }
        findings.append(
            Finding(
                "state", .warning, "the last place is not kept: \(problem)",
                cure: "create the folder for the daemon's user, or correct state"))
    }

    /// Where recordings would go; nothing of a folder that nobody has named.
    private mutating func examineRecording(_ configuration: DaemonConfiguration?) {
        guard let settings = configuration?.recording, let folder = settings.folder else { return }
        do throws(FileError) {
            try RecordingFolder(folder, budget: .max).requireRoom()
            findings.append(Finding("recording", .ok, folder))
        } catch {
            findings.append(
                Finding(
                    "recording", .warning, "nothing can be recorded: \(error.path): \(error.problem)",
                    cure: error.cure))
        }
    }

    /// Does the work, which gives what later checks need and what is found; an error of it is found instead.
    private mutating func examine<Value>(_ name: String, _ work: () throws -> (Value, String)) -> Value? {
        do {
            let (value, found) = try work()
            findings.append(Finding(name, .ok, found))
            return value
        } catch {
            findings.append(Finding(name, error))
            return nil
        }
    }
}
