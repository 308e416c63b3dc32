import Geometry
import ReferenceMap
import TestSupport
import Testing

/// COLMAP's binary layout, written independently of the reader.
struct ColmapBytes {
    var bytes: [UInt8] = []

    mutating func add<Value: FixedWidthInteger>(_ value: Value) {
        for index in 0..<Value.bitWidth / 8 { bytes.append(UInt8(truncatingIfNeeded: value >> (8 * index))) }
    }

    mutating func add(_ values: Double...) { for value in values { add(value.bitPattern) } }

    static func cameras(_ model: ColmapModel, ids: [String: Int32]) -> [UInt8] {
        var out = ColmapBytes()
        out.add(UInt64(model.cameras.count))
        for camera in model.cameras {
            out.add(camera.id)
            out.add(ids[camera.model] ?? -1)
            out.add(UInt64(camera.width))
            out.add(UInt64(camera.height))
            for value in camera.parameters { out.add(value) }
        }
        return out.bytes
    }

    static func images(_ model: ColmapModel) -> [UInt8] {
        var out = ColmapBytes()
        out.add(UInt64(model.images.count))
        for image in model.images {
            let (q, t) = (image.cameraFromWorld.rotation, image.cameraFromWorld.translation)
            out.add(image.id)
            out.add(q.w, q.imaginary.x, q.imaginary.y, q.imaginary.z, t.x, t.y, t.z)
            out.add(image.camera)
            out.bytes += Array(image.name.utf8) + [0]
            out.add(UInt64(image.keypoints.count))
            for keypoint in image.keypoints {
                out.add(keypoint.x, keypoint.y)
                out.add(keypoint.point ?? .max)
            }
        }
        return out.bytes
    }

    static func points(_ model: ColmapModel) -> [UInt8] {
        var out = ColmapBytes()
        out.add(UInt64(model.points.count))
        for point in model.points {
            out.add(point.id)
            out.add(point.position.x, point.position.y, point.position.z)
            out.bytes += point.colour
            out.add(point.error)
            out.add(UInt64(point.track.count))
            for element in point.track {
                out.add(element.image)
                out.add(element.keypoint)
            }
        }
        return out.bytes
    }
}

@Suite("COLMAP models")
struct ColmapTests {
    let scratch = Scratch()

    private var model: ColmapModel {
        ColmapModel(
            cameras: [
                .init(id: 7, model: "PINHOLE", width: 640, height: 480, parameters: [500.25, 501, 320, 240.125]),
                .init(
                    id: 2, model: "OPENCV", width: 1280, height: 720,
                    parameters: [900, 901, 640, 360, -0.1, 1e-3, 1.0 / 3, -2e-17]),
            ],
            images: [
                .init(
                    id: 4, name: "a/1.jpg", camera: 7,
                    cameraFromWorld: RigidTransform(
                        rotation: Rotation(exp: Vector3(0.1, -0.2, 0.3)), translation: Vector3(1e-9, -2.5, 1e6)),
                    keypoints: [.init(x: 10.5, y: 20.25, point: nil), .init(x: 1.0 / 3, y: 7, point: 9)]),
                .init(id: 1, name: "b.png", camera: 2, cameraFromWorld: .identity),
                .init(
                    id: 5, name: "c.png", camera: 2, cameraFromWorld: .identity,
                    keypoints: [.init(x: 0, y: 0, point: 9)]),
            ],
            points: [
                .init(
                    id: 9, position: Vector3(0.1, 0.2, -1e-300), colour: [1, 128, 255], error: 0.7,
                    track: [.init(image: 4, keypoint: 1), .init(image: 5, keypoint: 0)])
            ])
    }

    private func writeBinary(_ model: ColmapModel, to folder: String) {
        let name = folder.split(separator: "/").last.map(String.init) ?? ""
        scratch.write("\(name)/cameras.bin", ColmapBytes.cameras(model, ids: ["PINHOLE": 1, "OPENCV": 4]))
        scratch.write("\(name)/images.bin", ColmapBytes.images(model))
        scratch.write("\(name)/points3D.bin", ColmapBytes.points(model))
    }

    /// The rotation is normalized on reading, which may move its last bit.
    private func expectSame(_ found: ColmapModel) {
        #expect(found.cameras == model.cameras)
        #expect(found.points == model.points)
        #expect(found.images.map(\.name) == model.images.map(\.name))
        #expect(found.images.map(\.keypoints) == model.images.map(\.keypoints))
        for (a, b) in zip(found.images, model.images) {
            #expect((a.cameraFromWorld.rotation.inverse * b.cameraFromWorld.rotation).angle < 1e-15)
            #expect(a.cameraFromWorld.translation == b.cameraFromWorld.translation && a.camera == b.camera)
        }
    }

    @Test("come back from text")
    func text() throws {
        let folder = scratch.folder("text")
        try model.writeText(folder: folder)
        expectSame(try ColmapModel.read(folder: folder))
        let poses = try ColmapModel.read(folder: folder, parts: .poses)
        #expect(poses.points.isEmpty && poses.images.allSatisfy { $0.keypoints.isEmpty } && poses.images.count == 3)
    }

    @Test("come back from binary")
    func binary() throws {
        let folder = scratch.folder("binary")
        writeBinary(model, to: folder)
        expectSame(try ColmapModel.read(folder: folder))
        let poses = try ColmapModel.read(folder: folder, parts: .poses)
        #expect(poses.points.isEmpty && poses.images.count == 3)
    }

    @Test("are refused or read, but never crash, wherever a binary file is cut or changed")
    func corruptBinary() throws {
        let folder = scratch.folder("corrupt")
        writeBinary(model, to: folder)
        for file in ["cameras.bin", "images.bin", "points3D.bin"] {
            let good = Scratch.read("\(folder)/\(file)")
            for position in 0..<good.count {
                scratch.write("corrupt/\(file)", Array(good[..<position]))
                let error = #expect(throws: MapError.self, "\(file) cut at \(position)") {
                    try ColmapModel.read(folder: folder)
                }
                #expect(error?.kind == .damaged)
                for bit in [0x01, 0x80, 0xFF] as [UInt8] {
                    var bad = good
                    bad[position] ^= bit
                    scratch.write("corrupt/\(file)", bad)
                    _ = try? ColmapModel.read(folder: folder)
                }
            }
            scratch.write("corrupt/\(file)", good)
        }
    }

    @Test("are refused or read, but never crash, wherever a text file changes")
    func corruptText() throws {
        let folder = scratch.folder("text")
        try model.writeText(folder: folder)
        for file in ["cameras.txt", "images.txt", "points3D.txt"] {
            let good = Scratch.read("\(folder)/\(file)")
            for position in 0..<good.count {
                for byte in [0, 0x0A, 0x39, 0xFF] as [UInt8] {
                    var bad = good
                    bad[position] = byte
                    scratch.write("text/\(file)", bad)
                    _ = try? ColmapModel.read(folder: folder)
                }
            }
            scratch.write("text/\(file)", good)
        }
    }

    @Test("with huge counts are refused before memory is taken", arguments: ["cameras", "images", "points3D"])
    func hugeCounts(file: String) {
        let folder = scratch.folder("huge")
        writeBinary(model, to: folder)
        var bytes = Scratch.read("\(folder)/\(file).bin")
        bytes.replaceSubrange(0..<8, with: [255, 255, 255, 255, 255, 255, 255, 127])
        scratch.write("huge/\(file).bin", bytes)
        let error = #expect(throws: MapError.self) { try ColmapModel.read(folder: folder) }
        #expect(error?.problem.contains("do not fit") == true)
    }

    @Test(
        "name the line and the field that is wrong",
        arguments: [
            ("1 PINHOLE 640 480 1 2 3", "line 1, PARAMS"),
            ("# c\n\n1 PINHOLE 640 480 1 2 3 x", "line 3, PARAMS"), ("1 PINHOLE 640 480 1 2 3 nan", "line 1, PARAMS"),
            ("-1 PINHOLE 640 480 1 2 3 4", "line 1, CAMERA_ID"), ("1 PINHOLE 0 480 1 2 3 4", "line 1, WIDTH"),
            ("1 PINHOLE", "line 1, camera"),
        ])
    func badLines(text: String, field: String) {
        let folder = scratch.folder("bad")
        scratch.write("bad/cameras.txt", text: text)
        scratch.write("bad/images.txt", text: "")
        let error = #expect(throws: MapError.self) { try ColmapModel.read(folder: folder, parts: .poses) }
        #expect(error?.field == field)
        #expect(error?.file == "\(folder)/cameras.txt")
    }
}
