internal import ArgumentParser
internal import CommandSupport
internal import ProgramVersion
internal import Errors
internal import Files
internal import Foundation
internal import Publishing
internal import View

/// `hfloc-view`: a page that shows what hflocd sees.
@main
struct HFLocView: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hfloc-view",
        abstract: "Show what hflocd sees, in a browser: the map, the vehicle, the camera, and why it is lost.",
        discussion: """
            SOURCE is the record endpoint of a running hflocd, or the files of a recording (.mcap). The page is served \
            on this machine alone, unless --listen says otherwise: then whoever looks needs the token in the address \
            that is printed. With --control the page has buttons for those who have the token.

            /metrics is for Prometheus, /state.json for scripts, /healthz for supervisors.
            """,
        version: Version.text)

    @Argument(help: "The record endpoint, as in the daemon's configuration; or files of a recording.")
    var source = ["ipc:///run/hfloc/cam0/record"]
    @Option(help: "ADDRESS:PORT to listen at; an address in numbers. Port 0 is a free one.")
    var listen = "127.0.0.1:7700"
    @Option(help: "The daemon's control endpoint: the page gets buttons to relocalize and to load a map.")
    var control: String?
    @Option(help: "The map's file, if it is not where hflocd says.")
    var map: String?
    @Option(help: "A file with the token; a random one for each run unless given.")
    var tokenFile: String?
    @Option(help: "A further name by which browsers may ask for the page, such as a proxy's. Repeatable.")
    var host: [String] = []
    @Option(help: "This program's secret CURVE key, a file of `hfloc keys`, for an endpoint beyond this machine.")
    var key: String?
    @Option(help: "The daemon's public key, a file.")
    var serverKey: String?

    static func main() { runProgram("hfloc-view") }

    func validate() throws {
        guard ListenAddress(listen) != nil else {
            throw ValidationError("--listen: ADDRESS:PORT, such as 127.0.0.1:7700, 0.0.0.0:7700 or [::1]:7700")
        }
        guard (key == nil) == (serverKey == nil) else { throw ValidationError("--key and --server-key: give both") }
        guard !isRecorded || source.allSatisfy({ !$0.contains("://") }) else {
            throw ValidationError("SOURCE: one endpoint, or files of one recording")
        }
        guard !isRecorded || control == nil else {
            throw ValidationError("--control: a recording cannot be commanded")
        }
    }

    func run() throws {
        try Failure.reporting(as: "hfloc-view") {
            signal(SIGPIPE, SIG_IGN)
            guard let address = ListenAddress(listen) else { return }
            let board = Board()
            let recorded = isRecorded ? try RecordedFeed(source, map: map, board: board) : nil
            let identity = try identity()
            let live = isRecorded ? nil : try feed(source[0], identity, board)
            let control = control.map { ControlDesk($0, identity: identity) }
            let host = ViewHost(
                address, board: board, token: try token(), names: self.host, control: control, player: recorded,
                source: source.joined(separator: ", "))
            recorded?.start()
            live?.start()
            host.run { StandardError.write("hfloc-view: \($0)\n") }
        }
    }

    /// Files rather than an endpoint.
    private var isRecorded: Bool { !(source.count == 1 && source[0].contains("://")) }

    private func feed(_ endpoint: String, _ identity: CurveIdentity?, _ board: Board) throws -> LiveFeed {
        do throws(PublishingError) {
            return try LiveFeed(endpoint, map: map, identity: identity, board: board)
        } catch {
            throw Failure(.usage, error.description)
        }
    }

    private func token() throws -> String? {
        guard let tokenFile else { return nil }
        let text = try PlainText.string(tokenFile, atMost: 4096, acceptsStreams: true)
            .trimmingCharacters(in: .whitespacesAndNewlines)
        guard text.utf8.count >= 16, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: ";") }) else {
            throw Failure(.badData, "\(tokenFile): a token has 16 characters or more, without spaces or semicolons")
        }
        return text
    }

    private func identity() throws -> CurveIdentity? {
        guard let key, let serverKey else { return nil }
        return CurveIdentity(server: try Self.curveKey(serverKey), secret: try Self.curveKey(key))
    }

    private static func curveKey(_ path: String) throws -> CurveKey {
        let text = try PlainText.string(path, atMost: 1 << 16, acceptsStreams: true)
            .split(whereSeparator: \.isWhitespace).first
        guard let key = text.flatMap({ CurveKey(z85: $0) }) else {
            throw Failure(.badData, "\(path): not a key: expected 40 characters of Z85, as `hfloc keys` writes")
        }
        return key
    }
}
