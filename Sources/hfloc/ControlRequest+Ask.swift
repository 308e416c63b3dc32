internal import Errors
internal import Messages
internal import Publishing
internal import Reporting
internal import SwiftProtobuf

extension ControlArguments {
    /// Asks, and waits for the answer; one that says no is a failure.
    @discardableResult func ask(_ command: Hfloc_V1_ControlRequest.OneOf_Command) throws -> Hfloc_V1_ControlReply {
        let request: [UInt8] = try Hfloc_V1_ControlRequest.with {
            $0.requestID = .random(in: 1 ... .max)
            $0.command = command
        }.serializedBytes()
        guard let bytes = try send(request) else {
            throw Failure(
                .unavailable, NoReplyDiagnosis(endpoint: endpoint, waited: "\(timeout.text(1)) s").explanation)
        }
        guard let reply = try? Hfloc_V1_ControlReply(serializedBytes: bytes) else {
            throw Failure(.badData, "\(endpoint): not an answer of hfloc.v1; is it another program's endpoint?")
        }
        guard reply.ok else { throw Failure(.badData, "refused: \(reply.error)") }
        return reply
    }

    private func send(_ request: [UInt8]) throws -> [UInt8]? {
        let identity = try keys.identity()
        do throws(PublishingError) {
            let client = try ControlClient(endpoint, identity: identity)
            let milliseconds = Int32(timeout * 1000)
            guard client.send(request, timeout: milliseconds) else { return nil }
            return try client.receive(timeout: milliseconds)
        } catch {
            throw Failure(.usage, error.description)
        }
    }
}
