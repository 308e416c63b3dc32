import Glibc
import Publishing
import TestSupport
import Testing

@Suite("Nobody answers at a control endpoint")
struct NoReplyDiagnosisTests {
    private func explanation(_ endpoint: String) -> String {
        NoReplyDiagnosis(endpoint: endpoint, waited: "5.0 s").explanation
    }

    @Test("over tcp there is nothing to look at")
    func tcp() {
        #expect(
            explanation("tcp://10.0.0.1:7000")
                == "tcp://10.0.0.1:7000: no answer within 5.0 s; "
                + "is hflocd running, does it listen there, and is the key right?"
        )
    }

    @Test("without a socket the daemon does not run; its service is named if the path tells it")
    func notRunning() {
        #expect(
            explanation("ipc:///run/hfloc/no-such-camera/control")
                == "ipc:///run/hfloc/no-such-camera/control: no answer within 5.0 s: hflocd does not run, or its "
                + "configuration has another 'control'; systemctl status hflocd@no-such-camera shows whether it runs, "
                + "journalctl --unit hflocd@no-such-camera --lines 20 its last words")
        #expect(
            explanation("ipc:///tmp/no-such/control")
                == "ipc:///tmp/no-such/control: no answer within 5.0 s: hflocd does not run, or its configuration has "
                + "another 'control'; systemctl list-units 'hflocd@*' shows the services that do, and their names")
    }

    @Test("of an endpoint that publishes, its own fields are named")
    func publishing() {
        let text = NoReplyDiagnosis(.message, endpoint: "ipc:///tmp/no-such/pose", waited: "2.0 s").explanation
        #expect(text.hasPrefix("ipc:///tmp/no-such/pose: no message within 2.0 s: hflocd does not run, or its "))
        #expect(text.contains("another 'publish', 'record' or 'json'"))
    }

    @Test("a socket that takes connections belongs to a daemon that is busy")
    func busy() throws {
        let folder = TemporaryFolder()
        let path = folder.file("control")
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: Array(path.utf8) + [0]) }
        let bound = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        try #require(bound == 0 && listen(descriptor, 4) == 0)
        #expect(
            explanation("ipc://\(path)").hasPrefix("ipc://\(path): no answer within 5.0 s: hflocd is busy, or hangs; "))
    }
}
