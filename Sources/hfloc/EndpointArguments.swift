internal import ArgumentParser
internal import Errors
internal import Files
internal import Publishing

/// The keys for endpoints that are encrypted.
struct KeyArguments: ParsableArguments {
    @Option(help: "This program's secret CURVE key, a file of `hfloc keys`, for an endpoint beyond this machine.")
    var key: String?
    @Option(help: "The daemon's public key, a file.")
    var serverKey: String?

    func validate() throws {
        guard (key == nil) == (serverKey == nil) else { throw ValidationError("--key and --server-key: give both") }
    }

    func identity() throws -> CurveIdentity? {
        guard let key, let serverKey else { return nil }
        return CurveIdentity(server: try Self.read(serverKey), secret: try Self.read(key))
    }

    private static func read(_ path: String) throws -> CurveKey {
        let text = try PlainText.string(path, atMost: 1 << 16, acceptsStreams: true)
            .split(whereSeparator: \.isWhitespace).first
        guard let key = text.flatMap({ CurveKey(z85: $0) }) else {
            throw Failure(.badData, "\(path): not a key: expected 40 characters of Z85, as `hfloc keys` writes")
        }
        return key
    }
}

/// Which daemon is asked.
struct ControlArguments: ParsableArguments {
    @Option(name: .customLong("control"), help: "The control endpoint, as in the daemon's configuration.")
    var endpoint = "ipc:///run/hfloc/cam0/control"
    @Option(help: "Give up after so many seconds.")
    var timeout: Double = 5
    @OptionGroup var keys: KeyArguments

    func validate() throws {
        guard (0.01...3600).contains(timeout) else { throw ValidationError("--timeout: 0.01 to 3600") }
    }
}
