internal import ArgumentParser
internal import FailureReporting
internal import Glibc
internal import Messages
internal import Publishing
internal import SwiftProtobuf

/// `hfloc listen`: prints what hflocd publishes.
struct ListenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "listen",
        abstract: "Print the messages of a running hflocd.",
        discussion: """
            A line per message: number, state, capture time (s since 1970), then of a pose the camera's position (m) and its attitude (w x y z) \
            in the map with one standard deviation, then the evidence and the time from capture to publication.
            """)

    @Argument(help: "The endpoint, as in the daemon's configuration.")
    var endpoint = "ipc:///run/hfloc/cam0/localization"
    @Flag(help: "Print a JSON object per line, of the names in localization.proto.")
    var json = false
    @Option(help: "End after this many messages.")
    var count: Int?
    @Flag(help: "Only ever the newest message (ZMQ_CONFLATE), as a controller would listen.")
    var newest = false
    @Option(help: "End with an error if no message comes for so many seconds. Default: wait for ever.")
    var timeout: Double?

    func validate() throws {
        if let count, count < 1 { throw ValidationError("--count: above 0") }
        if let timeout, !(0.001...1e6).contains(timeout) { throw ValidationError("--timeout: 0.001 to 1000000") }
    }

    func run() throws {
        try Failure.reporting {
            let subscriber = try open()
            var received = 0
            while received < count ?? .max {
                guard let bytes = try subscriber.receive(timeout: timeout.map { Int32($0 * 1000) } ?? -1) else {
                    if timeout == nil { continue }
                    throw Failure(
                        .unavailable, "\(endpoint): no message; is hflocd running, and does it publish there?")
                }
                received += 1
                StandardOutput.write(try line(of: bytes) + "\n")
            }
        }
    }

    private func open() throws(Failure) -> Subscriber {
        do throws(PublishingError) {
            return try Subscriber(endpoint, newestOnly: newest)
        } catch {
            throw Failure(.usage, error.description)
        }
    }

    private func line(of bytes: [UInt8]) throws -> String {
        guard let message = try? Hfloc_V1_Localization(serializedBytes: bytes) else {
            throw Failure(.badData, "\(endpoint): not a message of hfloc.v1; is it another program's endpoint?")
        }
        return json ? try message.jsonString(options: Self.jsonOptions) : message.line
    }

    private static var jsonOptions: JSONEncodingOptions {
        var options = JSONEncodingOptions()
        options.preserveProtoFieldNames = true
        options.alwaysPrintInt64sAsNumbers = true
        return options
    }
}

/// Standard output, unbuffered: who reads a pipe wants the line now.
private enum StandardOutput {
    static func write(_ text: String) {
        var text = text
        text.withUTF8 { bytes in _ = unsafe Glibc.write(STDOUT_FILENO, bytes.baseAddress, bytes.count) }
    }
}

extension Hfloc_V1_Localization {
    /// One line for people.
    fileprivate var line: String {
        var words = ["#\(sequence)", "\(state)", (Double(captureWallNs) * 1e-9).text(3)]
        if hasPose {
            let (p, q) = (pose.position, pose.orientation)
            words += [p.x, p.y, p.z].map { $0.text(3) } + [q.w, q.x, q.y, q.z].map { $0.text(5) }
            words.append("±\(deviation(0).text(3)) m \((deviation(3) * 180 / .pi).text(2)) deg")
        } else if hasEvidence {
            words.append("gate \(evidence.failedGate)")
        }
        if hasEvidence {
            words.append("\(evidence.inliers)/\(evidence.matches) inliers \(evidence.source)")
        }
        if hasLatencies { words.append("\((Double(latencies.totalNs) * 1e-6).text(1)) ms") }
        return words.joined(separator: "  ")
    }

    /// Length of the standard deviations of three components.
    private func deviation(_ first: Int) -> Double {
        guard pose.covariance.count == 36 else { return .nan }
        return (first..<first + 3).reduce(0) { $0 + pose.covariance[7 * $1] }.squareRoot()
    }
}
