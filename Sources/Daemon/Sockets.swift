package import Configuration
internal import Fusion
internal import Geometry
package import Publishing

/// Everything through which the daemon speaks, open and bound.
package struct Sockets {
    /// The frame loop's.
    let publisher: Publisher
    let odometry: OdometryReceiver?
    let vehicle: VehicleFrame?
    let drift: DriftModel
    /// The odometry's own thread's; nil: the frame loop takes the odometry in itself.
    let vehicleOutput: VehicleOutput?
    /// The main thread's.
    let poller: SocketPoller
    /// nil without a control endpoint.
    let dispatcher: ControlDispatcher?

    /// - Parameters:
    ///   - configuration: what the daemon is told, checked.
    ///   - session: this run of the daemon.
    ///   - keys: how the key files are read.
    ///   - context: nil for one of their own.
    ///   - endpoint: checks an address, and makes an endpoint of it.
    package init(
        _ configuration: DaemonConfiguration, session: Session, keys: Keys, context: ZeroMQContext? = nil,
        endpoint: (String, Endpoint.Purpose, _ hasKey: Bool) throws(PublishingError) -> Endpoint = Sockets.endpoint
    ) throws {
        let wire = configuration.wire
        let hasKey = wire.security != nil
        func endpoints(
            _ addresses: [String], _ purpose: Endpoint.Purpose = .publishing
        ) throws(PublishingError) -> [Endpoint] {
            try addresses.map { (address) throws(PublishingError) in
                try endpoint(address, purpose, hasKey)
            }
        }
        let key = try wire.security.map { try keys.secret($0.secretKey) }
        let count =
            [
                configuration.endpoints, configuration.control, wire.record, wire.json, wire.odometry,
                wire.vehicleState, wire.position, wire.imu,
            ].joined().count
        // Who drives by the vehicle's state wants it within milliseconds, whatever else the machine does.
        let priority = wire.vehicleState.isEmpty ? 0 : configuration.realTime.priority ?? 0
        let context = try context ?? ZeroMQContext(endpoints: count, priority: priority)
        publisher = try Publisher(context, endpoints: try endpoints(configuration.endpoints), curve: key)
        let authenticator = try wire.security.map { try ZAPAuthenticator(context, allowed: try keys.allowed($0.allow)) }
        let control =
            configuration.control.isEmpty
            ? nil : try ControlServer(context, endpoints: try endpoints(configuration.control, .control), curve: key)
        let recorder =
            wire.record.isEmpty && wire.json.isEmpty
            ? nil
            : try Recorder(
                context, of: publisher, record: try endpoints(wire.record), json: try endpoints(wire.json),
                curve: key, session: Recorder.Session(bootID: session.bootID, sessionID: session.id))
        odometry =
            wire.odometry.isEmpty
            ? nil : try OdometryReceiver(context, endpoints: try endpoints(wire.odometry), curve: key)
        vehicle = wire.vehicle.map { VehicleFrame(baseFromCamera: $0.baseFromCamera) }
        drift = DriftModel(drift: wire.odometryDrift)
        vehicleOutput = try odometry.flatMap { receiver in
            guard !wire.vehicleState.isEmpty else { return nil }
            return VehicleOutput(
                receiver: receiver,
                publisher: try Publisher(context, endpoints: try endpoints(wire.vehicleState), curve: key),
                identity: SessionIdentity(
                    sessionID: session.id, bootID: session.bootID, mapFrame: configuration.mapFrame, mapID: "",
                    modelID: "", calibrationID: "", baseFrame: wire.vehicle?.baseFrame ?? "",
                    odomFrame: wire.vehicle?.odomFrame ?? ""),
                drift: wire.odometryDrift, reach: wire.coastingLimit)
        }
        let sensors = try [(SensorReceiver.Kind.position, wire.position), (.imu, wire.imu)]
            .filter { !$0.1.isEmpty }
            .map { try SensorReceiver($0.0, context, endpoints: try endpoints($0.1), curve: key) }
        poller = SocketPoller(
            control: control, recorder: recorder, authenticator: authenticator, sensors: sensors)
        let frames = [configuration.cameraFrame] + (wire.vehicle.map { [$0.baseFrame] } ?? [])
        dispatcher = control.map { ControlDispatcher(server: $0, frames: frames) }
    }

    var frameLoopPorts: FrameLoopPorts {
        FrameLoopPorts(
            publisher: publisher, odometry: vehicleOutput?.frames ?? odometry, vehicle: vehicle, drift: drift,
            estimates: vehicleOutput?.estimates)
    }

    /// A line for each endpoint that has, or had lately, as many connections as it may.
    func crowds(at now: UInt64) -> [String] {
        (publisher.connections + (odometry?.connections ?? []) + (vehicleOutput?.publisher.connections ?? [])
            + poller.connections)
            .compactMap { $0.problem(at: now) }
    }

    package static func endpoint(
        _ address: String, purpose: Endpoint.Purpose, hasKey: Bool
    ) throws(PublishingError) -> Endpoint {
        try Endpoint(address, for: purpose, hasKey: hasKey)
    }

    /// Every address that is bound, with what is there.
    static func text(_ configuration: DaemonConfiguration) -> String {
        let wire = configuration.wire
        let fields = [
            ("publish", configuration.endpoints), ("control", configuration.control), ("record", wire.record),
            ("json", wire.json), ("odometry", wire.odometry), ("vehicle_state", wire.vehicleState),
            ("position", wire.position), ("imu", wire.imu),
        ]
        return fields.filter { !$0.1.isEmpty }
            .map { $0.0 + String(repeating: " ", count: max(1, 8 - $0.0.utf8.count)) + $0.1.joined(separator: ", ") }
            .joined(separator: "\n")
    }
}
