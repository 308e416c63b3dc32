internal import Configuration
internal import Geometry
internal import Localizer
internal import Publishing

extension LocalizationDaemon: ControlTarget {
    func relocalize() -> ControlAnswer {
        exchange.send { $0.forgetsPlace = true }
        telemetry.tell(self, .relocalizationAsked, "asked to relocalize")
        host.journal.write("asked to relocalize")
        return .done
    }

    func setPrior(_ prior: Wire.SetPrior) -> ControlAnswer {
        guard var mapFromCamera = RigidTransform(position: prior.position, orientation: prior.orientation) else {
            return .refused("set_prior.orientation: not a rotation")
        }
        if let vehicle = sockets?.vehicle, prior.frame == configuration.wire.vehicle?.baseFrame {
            mapFromCamera = vehicle.mapFromCamera(mapFromBase: mapFromCamera)
        }
        guard replacement?.resources != nil || !mapWatch.isWithdrawn else {
            return .refused("set_prior: there is no map: \(report.mapProblem ?? "")")
        }
        // A map that is on its way into the frame loop is there before the prior.
        let map = (replacement?.resources ?? resources).map
        let place = LastPose(near: mapFromCamera.inverse, in: map)
        exchange.send { $0.statedPose = place }
        telemetry.tell(self, .priorSet, "a prior was set near keyframe \(place.reference)")
        host.journal.write("a prior was set near keyframe \(place.reference)")
        return .done
    }

    func loadMap(_ path: String, ticket: ControlServer.Ticket) -> ControlAnswer {
        var next = configuration
        next.map = path
        replace(with: next, for: .map) { [unowned self] in answer(ticket, $0) }
        return .later
    }

    func reload(ticket: ControlServer.Ticket) -> ControlAnswer {
        reload { [unowned self] in answer(ticket, $0) }
        return .later
    }

    func shutdown() -> ControlAnswer {
        host.journal.write("asked to shut down")
        mustStop = true
        return .done
    }

    func startRecording() -> ControlAnswer {
        startRecording(.request).map { .refused($0) } ?? .done
    }

    func stopRecording(ticket: ControlServer.Ticket) -> ControlAnswer {
        stopRecording { [unowned self] in answer(ticket, $0) }
        return .later
    }

    private func answer(_ ticket: ControlServer.Ticket, _ error: String?) {
        sockets?.dispatcher?.answer(ticket, error: error, self, at: host.clock.monotonic)
    }

    func status(at now: UInt64) -> Wire.Status {
        var status = report.message(of: self, at: now)
        status.recording = recordingStatus
        if let text = recordingTrouble { status.problems.append(Wire.Problem(kind: .recording, text: text)) }
        for sensor in sockets?.poller.sensors ?? [] {
            guard let text = sensor.problem(at: now) else { continue }
            status.problems.append(Wire.Problem(kind: .badOdometry, text: text))
        }
        guard let sockets else { return status }
        status.subscriptions?.localization = UInt32(clamping: sockets.publisher.subscriptions)
        if let (record, json) = sockets.poller.recorder?.subscriptions {
            status.subscriptions?.record = UInt32(clamping: record)
            status.subscriptions?.json = UInt32(clamping: json)
        }
        return status
    }
}
