import Configuration
import Daemon
import TestSupport
import Testing

@Suite("A configuration of file, environment and command line")
struct ConfigurationLayersTests {
    private static let file = "map: of-the-file\npublish: ipc:///tmp/f\ncamera: {device: /dev/video0, calibration: c}\n"
    private let file = TemporaryFile(ConfigurationLayersTests.file)

    @Test("an option wins over a variable, a variable over the file")
    func order() throws {
        let variables = ["HFLOC_MAP": "/of-the-environment", "HFLOC_STATE": "/state"]
        let options = try ConfigurationOverrides(options: ["state": ["/of-the-options"]])
        let configuration = try DaemonConfiguration.complete(file: file.path, environment: variables, options: options)
        #expect(configuration.map == "/of-the-environment" && configuration.state == "/of-the-options")
        #expect(configuration.endpoints == ["ipc:///tmp/f"])
        #expect(configuration.source == .device(path: "/dev/video0", format: nil, rate: nil))
    }

    @Test("a variable names the file if no option does; an empty one names none")
    func named() throws {
        let other = TemporaryFile(Self.file + "map_frame: town\n")
        let variables = [ConfigurationOverrides.configVariable: other.path]
        #expect(try DaemonConfiguration.complete(file: nil, environment: variables).mapFrame == "town")
        #expect(try DaemonConfiguration.complete(file: file.path, environment: variables).mapFrame == "map")
        let error = #expect(throws: ConfigurationError.self) {
            try DaemonConfiguration.complete(file: nil, environment: [ConfigurationOverrides.configVariable: ""])
        }
        #expect(error?.mistakes.first?.origin == "command line")
    }

    @Test("without a file, variables and options can say everything")
    func noFile() throws {
        let options = try ConfigurationOverrides(options: [
            "frames": ["/images"], "rate": ["5"], "loop": ["true"], "publish": ["ipc:///tmp/o"],
        ])
        let configuration = try DaemonConfiguration.complete(
            file: nil, environment: ["HFLOC_MAP": "/m", "HFLOC_CAMERA": "/c"], options: options)
        #expect(configuration.source == .folder(path: "/images", rate: 5, loops: true, follows: false))
    }

    @Test("a variable of our prefix without a meaning is remarked on, with those that have one")
    func unknown() throws {
        var remarks: [String] = []
        _ = try DaemonConfiguration.complete(
            file: file.path, environment: ["HFLOC_SPEED": "3", "HFLOC_MAP": "/m", "PATH": "/bin"]
        ) { remarks.append($0) }
        #expect(remarks.count == 1)
        #expect(remarks[0].hasPrefix("environment: HFLOC_SPEED: unknown, and without effect (known: HFLOC_MAP, "))
    }

    @Test("the wire's rules for addresses hold; a file that is missing, and a wrong variable, are told")
    func refused() throws {
        func error(_ file: String?, _ environment: [String: String]) -> ConfigurationError? {
            #expect(throws: ConfigurationError.self) {
                try DaemonConfiguration.complete(file: file, environment: environment)
            }
        }
        let address = error(file.path, ["HFLOC_CONTROL": "tcp://127.0.0.1:5556"])
        #expect(address?.description.contains("field 'control': 'tcp://127.0.0.1:5556': control over tcp") == true)
        #expect(error("/nowhere.yaml", [:])?.kind == .missing)
        #expect(error(file.path, ["HFLOC_RATE": "fast"])?.mistakes.first?.field == "HFLOC_RATE")
    }
}
