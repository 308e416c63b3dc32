internal import Publishing

/// What the daemon does when somebody asks. All methods are called on the main thread, by `ControlDispatcher`.
protocol ControlTarget: AnyObject {
    /// The daemon as it is now. The dispatcher sets `sequence`.
    func status(at now: UInt64) -> Wire.Status
    func relocalize() -> ControlAnswer
    /// - Parameter prior: checked already: finite, unit norm within 1 %, positive deviations, a known frame.
    func setPrior(_ prior: Wire.SetPrior) -> ControlAnswer
    /// - Parameters:
    ///   - path: absolute, of bounded length; whether it exists is not checked.
    ///   - ticket: for `ControlDispatcher.answer`, if the answer is `.later`.
    func loadMap(_ path: String, ticket: ControlServer.Ticket) -> ControlAnswer
    func reload(ticket: ControlServer.Ticket) -> ControlAnswer
    func startRecording() -> ControlAnswer
    /// - Parameter ticket: as of a map.
    func stopRecording(ticket: ControlServer.Ticket) -> ControlAnswer
    /// The answer is sent before the daemon ends.
    func shutdown() -> ControlAnswer
}

enum ControlAnswer {
    case done
    /// Why not, and the cure: one line.
    case refused(String)
    /// `ControlDispatcher.answer` will be called with the ticket.
    case later
}

/// Takes requests from the control endpoint to the daemon, and its answers back. Main thread only.
package final class ControlDispatcher {
    private let server: ControlServer
    /// Whose pose a prior may be: the names of the camera's and the vehicle's frames.
    private let frames: [String]

    init(server: ControlServer, frames: [String]) {
        self.server = server
        self.frames = frames
    }

    /// Answers what waits. Call often; it never blocks.
    ///
    /// - Parameters:
    ///   - target: what carries the request out.
    ///   - now: CLOCK_MONOTONIC, nanoseconds.
    func serve(_ target: any ControlTarget, at now: UInt64) {
        // A peer that asks without end must not keep the watchdog waiting.
        for _ in 0..<16 {
            guard let (request, ticket) = server.poll(at: now) else { return }
            switch carryOut(request.command, target, ticket) {
            case .done: answer(ticket, error: nil, target, at: now)
            case .refused(let reason): answer(ticket, error: reason, target, at: now)
            case .later: break
            }
        }
    }

    /// The answer to a request that took its time. `error`: why it was not fulfilled; nil if it was.
    func answer(_ ticket: ControlServer.Ticket, error: String?, _ target: any ControlTarget, at now: UInt64) {
        server.answer(ticket, error: error, status: target.status(at: now))
    }

    private func carryOut(
        _ command: Wire.ControlRequest.Command?, _ target: any ControlTarget, _ ticket: ControlServer.Ticket
    ) -> ControlAnswer {
        switch command {
        case nil: return .refused("no command, or one that this version does not know")
        case .getStatus: return .done
        case .relocalize: return target.relocalize()
        case .setPrior(let prior):
            if let problem = prior.problem { return .refused(problem) }
            guard prior.frame.isEmpty || frames.contains(prior.frame) else {
                return .refused(
                    "set_prior.frame: '\(prior.frame)' is unknown (allowed: \(frames.joined(separator: ", ")))")
            }
            return target.setPrior(prior)
        case .loadMap(let request):
            let path = request.path
            guard path.hasPrefix("/"), path.utf8.count < 4096, !path.contains("\0") else {
                return .refused("load_map.path: expected an absolute path of less than 4096 bytes")
            }
            return target.loadMap(path, ticket: ticket)
        case .reload: return target.reload(ticket: ticket)
        case .startRecording: return target.startRecording()
        case .stopRecording: return target.stopRecording(ticket: ticket)
        case .shutdown: return target.shutdown()
        }
    }
}
