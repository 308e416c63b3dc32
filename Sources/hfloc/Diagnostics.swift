internal import Capture
internal import Configuration
internal import Errors
internal import Features
internal import Geometry
internal import Glibc
internal import Inference
internal import Publishing
internal import ReferenceMap

/// The checks of `hfloc doctor`, in the order in which the daemon would stumble.
struct Diagnostics {
    private(set) var findings: [Finding] = []

    init(configuration path: String) {
        let configuration = examineConfiguration(path)
        let model = examineModel(configuration)
        examineMap(configuration, model)
        let camera = examineCalibration(configuration)
        examineSource(configuration, camera)
        examineEndpoints(configuration)
        examineState(configuration)
        findings += MachineChecks.findings(for: configuration?.realTime ?? RealTimeSettings())
    }

    private mutating func examineConfiguration(_ path: String) -> DaemonConfiguration? {
        do {
            let variables = ConfigurationOverrides.environment()
            var draft = try ConfigurationDraft(reading: path)
            draft.apply(try ConfigurationOverrides(environment: variables))
            let configuration = try draft.complete { address, isControl, hasKey in
                Endpoint.problem(address, for: isControl ? .control : .publishing, hasKey: hasKey)
            }
            findings.append(Finding("configuration", .ok, path))
            return configuration
        } catch {
            findings.append(Finding("configuration", error))
            return nil
        }
    }

    private mutating func examineModel(_ configuration: DaemonConfiguration?) -> Model? {
        do {
            let path = try ModelLocation.resolve(configuration?.model)
            let model = try Model(opening: path)
            findings.append(Finding("model", .ok, "\(path): \(model.name), \(model.modelID.prefix(12))"))
            return model
        } catch {
            findings.append(Finding("model", error))
            return nil
        }
    }

    private mutating func examineMap(_ configuration: DaemonConfiguration?, _ model: Model?) {
        guard let configuration else {
            findings.append(Finding("map", .unknown, "the configuration names none"))
            return
        }
        do {
            let map = try ReferenceMap(opening: configuration.map)
            if let model { try map.require(modelID: model.modelID) }
            findings.append(
                Finding("map", .ok, "\(map.path): \(map.keyframeCount) keyframes, \(map.landmarkCount) landmarks"))
        } catch {
            findings.append(Finding("map", error))
        }
    }

    private mutating func examineCalibration(_ configuration: DaemonConfiguration?) -> CameraFile? {
        guard let configuration else {
            findings.append(Finding("calibration", .unknown, "the configuration names none"))
            return nil
        }
        do {
            let file = try CameraFile(reading: configuration.calibration)
            let camera = file.camera
            findings.append(
                Finding("calibration", .ok, "\(file.path): \(camera.model.rawValue), \(camera.width)x\(camera.height)"))
            return file
        } catch {
            findings.append(Finding("calibration", error))
            return nil
        }
    }

    private mutating func examineSource(_ configuration: DaemonConfiguration?, _ file: CameraFile?) {
        guard let configuration, let file else {
            findings.append(Finding("camera", .unknown, "needs the configuration and the calibration"))
            return
        }
        switch configuration.source {
        case .folder(let path, let rate, let loops): examineFolder(path, rate, loops, file)
        case .device(let path, let format, let rate):
            do throws(ConfigurationError) {
                _ = try configuration.camera(of: file.camera, part: file.record.part)
                findings += CameraDiagnostics.findings(
                    for: configuration, path: path, format: format, rate: rate, file: file)
            } catch {
                findings.append(Finding("camera", error))
            }
        }
    }

    private mutating func examineFolder(_ path: String, _ rate: Double?, _ loops: Bool, _ file: CameraFile) {
        do {
            let folder = try ImageFolder(path: path, rate: rate, loops: loops)
            let first = "\(folder.path)/\(folder.file(ofSequence: 0))"
            var image = GreyImage(width: 1, height: 1)
            try ImageFile.readGrey(first, into: &image)
            guard (image.width, image.height) == (file.camera.width, file.camera.height) else {
                findings.append(
                    Finding(
                        "camera", .failed(.badData),
                        "\(first) has \(image.width)x\(image.height) pixels, \(file.path) is of "
                            + "\(file.camera.width)x\(file.camera.height)",
                        cure: "give the camera file of these images"))
                return
            }
            findings.append(Finding("camera", .ok, "\(path): \(folder.imageCount) images"))
        } catch {
            findings.append(Finding("camera", error))
        }
    }

    private mutating func examineEndpoints(_ configuration: DaemonConfiguration?) {
        guard let configuration else { return }
        let wire = configuration.wire
        let open = configuration.endpoints + wire.record + wire.json + wire.odometry
        for (index, address) in (open + configuration.control).enumerated() {
            do throws(PublishingError) {
                let purpose = index < open.count ? Endpoint.Purpose.publishing : .control
                let endpoint = try Endpoint(address, for: purpose, hasKey: wire.security != nil)
                try endpoint.checkFree()
                findings.append(Finding("endpoint", .ok, address))
            } catch .inUse {
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
        if unsafe access(folder, W_OK | X_OK) == 0 {
            findings.append(Finding("state", .ok, folder))
        } else {
            findings.append(
                Finding(
                    "state", .failed(errno == ENOENT ? .missingInput : .configuration), "\(folder): \(Self.reason())",
                    cure: "create the folder for the daemon's user, or correct state"))
        }
    }

    static func reason() -> String { unsafe String(cString: strerror(errno)) }
}
