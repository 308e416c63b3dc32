internal import Foundation
internal import Messages
public import Publishing
internal import SwiftProtobuf

/// Asks the daemon what a page's buttons say, one thing after the other.
public final class ControlDesk: Sendable {
    private let endpoint: String
    private let identity: CurveIdentity?
    private let queue = DispatchQueue(label: "control")

    /// Until an answer, milliseconds: a large map takes its time to be checked.
    private static let patience: Int32 = 60_000
    /// Until a daemon takes the request.
    private static let reach: Int32 = 2000

    /// - Parameters:
    ///   - endpoint: the control endpoint.
    ///   - identity: keys, for an encrypted endpoint.
    public init(_ endpoint: String, identity: CurveIdentity? = nil) {
        (self.endpoint, self.identity) = (endpoint, identity)
    }

    /// What can be asked.
    enum Command {
        case relocalize
        case loadMap(String)
    }

    /// Why it was not done; nil if it was.
    func ask(_ command: Command) async -> String? {
        await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: self.answer(to: command)) }
        }
    }

    private func answer(to command: Command) -> String? {
        var request = Hfloc_V1_ControlRequest()
        request.requestID = .random(in: 1 ... .max)
        switch command {
        case .relocalize: request.relocalize = Hfloc_V1_Relocalize()
        case .loadMap(let path): request.loadMap.path = path
        }
        do {
            let client = try ControlClient(endpoint, identity: identity)
            guard client.send(try request.serializedBytes(), timeout: Self.reach),
                let bytes = try client.receive(timeout: Self.patience)
            else { return "hflocd does not answer at \(endpoint)" }
            let reply = try Hfloc_V1_ControlReply(serializedBytes: bytes)
            return reply.ok ? nil : reply.error
        } catch {
            return "\(error)"
        }
    }
}
