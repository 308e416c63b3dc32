import Geometry
import ReferenceMap
import Reporting
import TestSupport
import Testing

/// A rig with two cameras and an IMU, in two frames; and the poses of its images worked out by hand.
@Suite("COLMAP's rigs and frames")
struct ColmapRigTests {
    private let scratch = Scratch()

    /// Camera 2 looks to the right of camera 1 (turned by 90 degrees about y) and sits half a metre to its right.
    private static let half = 0.7071067811865476
    /// Of each image id: what COLMAP composes. Frame 1 is at the origin, frame 2 has moved by (1, 2, 3).
    private static let composed: [UInt32: (rotation: [Double], translation: Vector3)] = [
        1: ([1, 0, 0, 0], Vector3(0, 0, 0)), 2: ([half, 0, -half, 0], Vector3(0, 0, 0.5)),
        3: ([1, 0, 0, 0], Vector3(1, 2, 3)),
        // R (1, 2, 3) + t, where R takes (x, y, z) to (-z, y, x).
        4: ([half, 0, -half, 0], Vector3(-3, 2, 1.5)),
    ]

    private static let rigsText = """
        # RIG_ID NUM_SENSORS REF_SENSOR_TYPE REF_SENSOR_ID SENSORS[]
        7 4 CAMERA 1 CAMERA 2 1 \(half) 0 \(-half) 0 0 0 0.5 IMU 1 1 1 0 0 0 0 0 0 CAMERA 3 0

        """
    private static let framesText = """
        1 7 1 0 0 0 0 0 0 4 CAMERA 1 1 CAMERA 2 2 IMU 1 1 CAMERA 3 5
        2 7 1 0 0 0 1 2 3 2 CAMERA 1 3 CAMERA 2 4

        """

    private func write(images: (UInt32) -> String) {
        scratch.write(
            "cameras.txt", text: (1...3).map { "\($0) PINHOLE 640 480 500 500 320 240\n" }.joined())
        scratch.write(
            "images.txt",
            text: (UInt32(1)...5).map { "\($0) \(images($0)) \($0 == 5 ? 3 : 2 - $0 % 2) \($0).jpg\n\n" }.joined())
    }

    private func expectComposed(_ model: ColmapModel) throws {
        for image in model.images where image.id != 5 {
            let expected = try #require(Self.composed[image.id])
            let q = expected.rotation
            let rotation = try #require(Rotation(checkingW: q[0], x: q[1], y: q[2], z: q[3]))
            #expect((image.cameraFromWorld.translation - expected.translation).length < 1e-12, "image \(image.id)")
            #expect((image.cameraFromWorld.rotation * rotation.inverse).angle < 1e-7, "image \(image.id)")
        }
        // A sensor without a place on the rig: the images file is all there is.
        #expect(model.images.last?.cameraFromWorld.translation == Vector3(9, 9, 9))
    }

    @Test("give the poses of images, whatever the images file says: as text")
    func text() throws {
        write { _ in "1 0 0 0 9 9 9" }
        scratch.write("rigs.txt", text: Self.rigsText)
        scratch.write("frames.txt", text: Self.framesText)
        let model = try ColmapModel.read(folder: scratch.path, parts: .poses)
        try expectComposed(model)
        #expect(model.composedImages == ["1.jpg", "2.jpg", "3.jpg", "4.jpg"])
        let noted = try PosedImages(folder: scratch.path).unused.filter { $0.what == "poses of images" }
        #expect(noted.map(\.names) == [["1.jpg", "2.jpg", "3.jpg", "4.jpg"]])
    }

    @Test("leave poses as they are that the images file has already, as COLMAP writes it")
    func agreeing() throws {
        write { id in
            guard let pose = Self.composed[id] else { return "1 0 0 0 9 9 9" }
            let t = pose.translation
            return (pose.rotation + [t.x, t.y, t.z]).map { "\($0)" }.joined(separator: " ")
        }
        let alone = try ColmapModel.read(folder: scratch.path, parts: .poses)
        scratch.write("rigs.txt", text: Self.rigsText)
        scratch.write("frames.txt", text: Self.framesText)
        let model = try ColmapModel.read(folder: scratch.path, parts: .poses)
        #expect(model.images == alone.images && model.composedImages.isEmpty)
        try expectComposed(model)
    }

    @Test("give the poses of images: as binary")
    func binary() throws {
        let model = ColmapModel(
            cameras: (1...3).map {
                .init(id: $0, model: "PINHOLE", width: 640, height: 480, parameters: [500, 500, 320, 240])
            },
            images: (1...5).map {
                .init(
                    id: $0, name: "\($0).jpg", camera: $0 == 5 ? 3 : 2 - $0 % 2,
                    cameraFromWorld: RigidTransform(rotation: .identity, translation: Vector3(9, 9, 9)))
            })
        scratch.write("cameras.bin", ColmapBytes.cameras(model, ids: ["PINHOLE": 1]))
        scratch.write("images.bin", ColmapBytes.images(model))
        var rigs = ColmapBytes()
        rigs.add(UInt64(1))
        rigs.add(UInt32(7))
        rigs.add(UInt32(4))
        rigs.addSensor(0, 1)
        rigs.addSensor(0, 2)
        rigs.bytes.append(1)
        rigs.add(Self.half, 0, -Self.half, 0, 0, 0, 0.5)
        rigs.addSensor(1, 1)
        rigs.bytes.append(1)
        rigs.add(1, 0, 0, 0, 0, 0, 0)
        rigs.addSensor(0, 3)
        rigs.bytes.append(0)
        scratch.write("rigs.bin", rigs.bytes)
        var frames = ColmapBytes()
        frames.add(UInt64(2))
        frames.addFrame(1, (0, 0, 0), [(0, 1, 1), (0, 2, 2), (1, 1, 1), (0, 3, 5)])
        frames.addFrame(2, (1, 2, 3), [(0, 1, 3), (0, 2, 4)])
        scratch.write("frames.bin", frames.bytes)
        try expectComposed(try ColmapModel.read(folder: scratch.path, parts: .poses))
        for (name, bytes) in [("rigs.bin", rigs.bytes), ("frames.bin", frames.bytes)] {
            for count in 0..<bytes.count {
                scratch.write(name, Array(bytes[..<count]))
                #expect(throws: MapError.self, "\(name) cut at \(count)") {
                    try ColmapModel.read(folder: scratch.path, parts: .poses)
                }
            }
            scratch.write(name, bytes)
        }
    }
}

extension ColmapBytes {
    fileprivate mutating func addSensor(_ type: Int32, _ id: UInt32) {
        add(type)
        add(id)
    }

    fileprivate mutating func addFrame(
        _ id: UInt32, _ t: (Double, Double, Double), _ data: [(Int32, UInt32, UInt64)]
    ) {
        add(id)
        add(UInt32(7))
        add(1, 0, 0, 0, t.0, t.1, t.2)
        add(UInt32(data.count))
        for (type, sensor, item) in data {
            addSensor(type, sensor)
            add(item)
        }
    }
}
