import Configuration
import Geometry
import TestSupport
import Testing

/// A configuration that is complete, in five lines.
private let minimal = """
    map: /m
    publish: ipc:///a
    camera:
      device: /dev/video9
      calibration: /c.yaml

    """

private func read(_ text: String) throws -> DaemonConfiguration {
    let file = TemporaryFile(minimal + text)
    return try ConfigurationDraft(reading: file.path).complete { address, isControl, hasKey in
        address.hasPrefix("ipc://") || hasKey ? nil : isControl ? "control needs a key" : "needs a key"
    }
}

@Suite("Configuration of the wire")
struct TransportSettingsTests {
    @Test("Every field is read; paths are relative to the file")
    func full() throws {
        let c = try read(
            """
            record: ipc:///r
            json: [ipc:///j, "tcp://0.0.0.0:5"]
            odometry: ipc:///o
            vehicle:
              base_frame: body
              odom_frame: wheels
              base_from_camera: {translation: [1.2, 0, -1.5], rotation: [0.5, -0.5, 0.5, -0.5]}
            security: {secret_key: keys/cam0.secret, allow: /etc/clients}
            """)
        #expect(c.wire.record == ["ipc:///r"] && c.wire.json == ["ipc:///j", "tcp://0.0.0.0:5"])
        #expect(c.wire.odometry == ["ipc:///o"])
        let vehicle = try #require(c.wire.vehicle)
        #expect(vehicle.baseFrame == "body" && vehicle.odomFrame == "wheels")
        #expect(vehicle.baseFromCamera.translation == Vector3(1.2, 0, -1.5))
        #expect(vehicle.baseFromCamera.rotation == Rotation(w: 0.5, x: -0.5, y: 0.5, z: -0.5))
        let security = try #require(c.wire.security)
        #expect(
            security.secretKey?.hasSuffix("/keys/cam0.secret") == true && security.secretKey?.hasPrefix("/") == true)
        #expect(security.allow == "/etc/clients")
    }

    @Test("What is left out has its default")
    func defaults() throws {
        let plain = try read("")
        #expect(plain.wire == TransportSettings())
        let c = try read(
            "security: {allow: a}\nvehicle: {base_from_camera: {translation: [0, 0, 0], rotation: [1, 0, 0, 0]}}\n")
        #expect(c.wire.vehicle?.baseFrame == "base_link" && c.wire.vehicle?.odomFrame == "odom")
        #expect(c.wire.security?.secretKey == nil)
    }

    @Test(
        "What is wrong is named with its line, its field and what is allowed",
        arguments: [
            ("record: tcp://0.0.0.0:5\n", ":6: field 'record': 'tcp://0.0.0.0:5': needs a key"),
            ("\njson: [ipc:///j, tcp://1.2.3.4:5]\n", ":7: field 'json': 'tcp://1.2.3.4:5': needs a key"),
            ("control: tcp://127.0.0.1:5\n", ":6: field 'control': 'tcp://127.0.0.1:5': control needs a key"),
            ("record: ipc:///j\njson: ipc:///j\n", ":7: field 'json': 'ipc:///j': record has this address already"),
            ("odometry: ipc:///o\n", ":6: field 'odometry': needs vehicle.base_from_camera"),
            ("vehicle_state: ipc:///v\n", ":6: field 'vehicle_state': needs odometry, at whose rate"),
            ("security: {}\n", ":6: field 'security.allow': missing"),
            ("security: {allow: a, password: b}\n", ":6: field 'security.password': unknown"),
            ("vehicle: {base_frame: b}\n", ":6: field 'vehicle.base_from_camera': missing"),
            (
                "vehicle:\n  base_from_camera:\n    translation: [0, 0, 5000]\n    rotation: [1, 0, 0, 0]\n",
                ":8: field 'vehicle.base_from_camera.translation': 5000 is out of range (allowed: -1000.0...1000.0)"
            ),
            (
                "vehicle:\n  base_from_camera:\n    translation: [0, 0, 5]\n    rotation: [1, 0, 0, 1]\n",
                ":9: field 'vehicle.base_from_camera.rotation': its length is 1.414"
            ),
            (
                "vehicle:\n  base_from_camera: {translation: [0, 0], rotation: [1, 0, 0, 0]}\n",
                ":7: field 'vehicle.base_from_camera.translation': expected 3 numbers [x, y, z, metres]"
            ),
            (
                "vehicle:\n  base_from_camera: {translation: [0, 0, x], rotation: [1, 0, 0, 0]}\n",
                ":7: field 'vehicle.base_from_camera.translation': expected a number"
            ),
        ])
    func wrong(text: String, message: String) {
        #expect {
            try read(text)
        } throws: { error in
            "\(error)".contains(message)
        }
    }
}
