// Drives hflocd's own loop along a script, without threads and with a clock that the script sets: the same script gives
// the same messages, however fast the machine is. `scripted-daemon CONFIGURATION SCRIPT`; tools/measure-integrity
// writes both.
//
// The configuration is hflocd's, with `publish: inproc://pose`. The script has a line for each event: `frame
// NANOSECONDS FILE` (an image and when it was captured), `restart` (ends the daemon as SIGTERM does, and starts it
// again), `kill` (the same without a last word), `reload` (as SIGHUP does). It prints the message of each frame as a
// line of JSON.
import Configuration
import Daemon
import Errors
import Files
import Glibc

private struct Script {
    enum Event {
        case frame(time: UInt64, path: String)
        case restart
        case kill
        case reload
    }

    let events: [Event]

    init(reading path: String) throws {
        var lines = Lines(try PlainText.read(path, atMost: 1 << 26))
        var events: [Event] = []
        while let line = lines.next() {
            let fields = line.split(separator: " ", maxSplits: 2)
            switch fields.first {
            case "restart": events.append(.restart)
            case "kill": events.append(.kill)
            case "reload": events.append(.reload)
            case "frame":
                guard fields.count == 3, let time = UInt64(fields[1]) else { fallthrough }
                events.append(.frame(time: time, path: String(fields[2])))
            default: throw Failure(.badData, "\(path):\(lines.number): not an event: '\(line)'")
            }
        }
        self.events = events
    }
}

private func play(_ script: Script, configuration: String) throws {
    let session = try ScriptedSession(configuration: configuration)
    for event in script.events {
        switch event {
        case .frame(let time, let path): try StandardOutput.writeLine(try session.answer(path, at: time))
        case .restart: try session.restart(says: true)
        case .kill: try session.restart(says: false)
        case .reload: try session.reload()
        }
    }
}

do {
    guard CommandLine.arguments.count == 3 else {
        throw Failure(.usage, "usage: scripted-daemon CONFIGURATION SCRIPT")
    }
    try play(try Script(reading: CommandLine.arguments[2]), configuration: CommandLine.arguments[1])
} catch {
    let failure = Failure(describing: error)
    StandardError.write("scripted-daemon: \(failure.description)\n")
    exit(failure.status.rawValue)
}
