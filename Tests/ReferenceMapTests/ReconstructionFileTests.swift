import Geometry
import ReferenceMap
import Reporting
import TestSupport
import Testing

/// Expected pixels were worked out with numpy from the formulas of OpenSfM's and nerfstudio's documentation.
@Suite("Reconstructions of other programs")
struct ReconstructionFileTests {
    private let scratch = Scratch()

    private func openSfM(_ camera: String) -> String {
        """
        [{"cameras": {"other": {"projection_type": "perspective", "width": 8, "height": 6, "focal": 1}}, "shots":
          {"x.jpg": {"camera": "other", "rotation": [0, 0, 0], "translation": [0, 0, 0]}}},
         {"cameras": {"v2 c": \(camera)},
          "shots": {
            "a.jpg": {"camera": "v2 c", "rotation": [0, 1.5707963267948966, 0], "translation": [1, 2, 3],
                      "orientation": 1, "capture_time": 0.0},
            "sub/b c.jpg": {"camera": "v2 c", "rotation": [0.1, 0.2, 0.3], "translation": [0, 0, 0]}},
          "points": {"1": {"color": [1, 2, 3], "coordinates": [0, 0, 0]}}}]
        """
    }

    @Test(
        "OpenSfM's cameras project as OpenSfM does",
        arguments: [
            (
                #"{"projection_type": "perspective", "width": 640, "height": 480, "focal": 0.8, "#
                    + #""k1": -0.1, "k2": 0.02}"#,
                Vector2(421.393120, 188.553440)
            ),
            (
                #"{"projection_type": "brown", "width": 480, "height": 640, "focal_x": 0.8, "focal_y": 0.9, "#
                    + #""c_x": 0.01, "c_y": -0.02, "k1": -0.1, "k2": 0.02, "p1": 0.001, "p2": -0.002, "k3": 0.005}"#,
                Vector2(347.639584, 249.471484)
            ),
            (
                #"{"projection_type": "fisheye", "width": 640, "height": 480, "focal": 0.5, "k1": -0.02, "k2": 0.003}"#,
                Vector2(382.403733, 208.048134)
            ),
            (
                #"{"projection_type": "fisheye_opencv", "width": 640, "height": 480, "focal_x": 0.5, "focal_y": 0.5, "#
                    + #""c_x": 0, "c_y": 0, "k1": -0.02, "k2": 0.003, "k3": 0, "k4": 0}"#,
                Vector2(382.403733, 208.048134)
            ),
        ])
    func openSfMCameras(camera: String, pixel: Vector2) throws {
        scratch.write("reconstruction.json", text: openSfM(camera))
        let images = try PosedImages(folder: scratch.path)
        let seen = try #require(images.cameras.first?.project(Vector3(0.2, -0.1, 1)))
        #expect((seen - pixel).length < 1e-5, "\(seen)")
    }

    @Test("OpenSfM's poses are camera from world; of several reconstructions the largest is taken")
    func openSfMPoses() throws {
        _ = scratch.folder("images")
        let camera = #"{"projection_type": "perspective", "width": 640, "height": 480, "focal": 0.8}"#
        scratch.write("reconstruction.json", text: openSfM(camera))
        scratch.write("split.txt", text: "a.jpg query\nsub/b c.jpg map\n")
        let images = try PosedImages(folder: scratch.path)
        #expect(images.images.map(\.name) == ["a.jpg", "sub/b c.jpg"])
        #expect(images.images.map(\.role) == ["query", "map"])
        #expect(images.images[0].path == "\(scratch.path)/images/a.jpg")
        // A quarter turn about y takes (1, 0, 0) to (0, 0, -1).
        let seen = images.images[0].cameraFromMap * Vector3(1, 0, 0)
        #expect((seen - Vector3(1, 2, 2)).length < 1e-12)
        #expect(images.unused.map(\.what) == ["reconstructions"] && images.unused[0].names == ["number 1 with 1"])
        let apart = try PosedImages(model: scratch.path, imageFolder: "\(scratch.path)/images")
        #expect(apart.images.map(\.cameraFromMap) == images.images.map(\.cameraFromMap))
    }

    @Test(
        "what OpenSfM's file lacks, and cameras that are not supported, are named",
        arguments: [
            (#"{"projection_type": "spherical", "width": 2000, "height": 1000}"#, "spherical is not supported"),
            (#"{"projection_type": "perspective", "width": 640, "focal": 1}"#, "is missing, or no whole number"),
            (#"{"projection_type": "perspective", "width": 640, "height": 480}"#, "is missing"),
        ])
    func openSfMWrong(camera: String, problem: String) {
        scratch.write("reconstruction.json", text: openSfM(camera))
        let error = #expect(throws: MapError.self) { try PosedImages(folder: scratch.path) }
        #expect(error?.problem.hasPrefix(problem) == true && error?.field.hasPrefix("camera 'v2 c'") == true)
    }

    /// A camera at (1, 2, 3) that looks along the world's +x, its up the world's +z: right is -y, up +z, back -x.
    private static let matrix = "[[0, 0, -1, 1], [-1, 0, 0, 2], [0, 1, 0, 3], [0, 0, 0, 1]]"

    private func transforms(_ top: String, _ frames: String...) -> String {
        "{\(top)\"frames\": [\(frames.joined(separator: ", "))]}"
    }

    private func frame(_ path: String, _ more: String = "") -> String {
        "{\"file_path\": \"\(path)\", \(more)\"transform_matrix\": \(Self.matrix)}"
    }

    private static let top = #""w": 640, "h": 480, "fl_x": 500, "fl_y": 510, "cx": 320.5, "cy": 241, "#

    @Test("nerfstudio's cameras look along -z, and their poses are world from camera")
    func transformsPoses() throws {
        _ = scratch.folder("images")
        scratch.write("images/1.PNG", [])
        scratch.write(
            "transforms.json",
            text: transforms(Self.top, frame("./images/0.jpg"), frame("images/1"), frame("images/2.png")))
        let images = try PosedImages(folder: scratch.path)
        #expect(images.images.map(\.name) == ["0.jpg", "1.PNG", "2.png"] && images.images.map(\.camera) == [0, 0, 0])
        #expect(images.images[1].path == "\(scratch.path)/images/1.PNG")
        let pose = images.images[0].cameraFromMap
        // Five metres ahead, one to the left (+y) and two up.
        #expect((pose * Vector3(6, 3, 5) - Vector3(-1, -2, 5)).length < 1e-12)
        // COLMAP's pixels, as nerfstudio takes them over.
        #expect(images.cameras[0].principalPoint == Vector2(320, 240.5) && images.cameras[0].model == .openCV)
    }

    @Test("a frame may have its own intrinsics, and what it leaves out stands at the top")
    func transformsIntrinsics() throws {
        scratch.write(
            "transforms.json",
            text: transforms(
                Self.top + #""camera_model": "OPENCV_FISHEYE", "k1": 0.1, "k4": 0.01, "#, frame("a.jpg"),
                frame("b.jpg", #""fl_x": 600, "#), frame("c.jpg"), frame("d.jpg", #""fl_x": 600, "#)))
        let images = try PosedImages(folder: scratch.path)
        #expect(images.images.map(\.camera) == [0, 1, 0, 1])
        #expect(images.cameras.map(\.model) == [.openCVFisheye, .openCVFisheye])
        #expect(images.cameras.map(\.focalLength) == [Vector2(500, 510), Vector2(600, 510)])
        #expect(images.cameras[1].parameters.suffix(4) == [0.1, 0, 0, 0.01])
    }

    @Test("instant-ngp's angle of view is a focal length")
    func angle() throws {
        // 2 atan(1/2): a focal length as long as the image is wide.
        scratch.write(
            "transforms.json",
            text: transforms(#""w": 640, "h": 480, "camera_angle_x": 0.9272952180016122, "#, frame("a.jpg")))
        let camera = try #require(try PosedImages(folder: scratch.path).cameras.first)
        #expect((camera.focalLength - Vector2(640, 640)).length < 1e-9)
        #expect(camera.principalPoint == Vector2(319.5, 239.5))
    }

    @Test("without w and h the first image says its size", arguments: ImageHeaderTests.headers)
    func sizeOfImage(header: ImageHeaderTests.Header) throws {
        scratch.write("r_0\(header.suffix)", header.bytes)
        scratch.write(
            "transforms.json", text: transforms(#""camera_angle_x": 0.9272952180016122, "#, frame("./r_0")))
        let camera = try #require(try PosedImages(folder: scratch.path).cameras.first)
        #expect(camera.width == 640 && camera.height == 480)
        #expect((camera.focalLength - Vector2(640, 640)).length < 1e-9)
    }

    @Test("lists of training and test images, and files for each, say what images are for")
    func transformsLists() throws {
        let lists =
            #""train_filenames": ["./images/a.jpg", "images/b.jpg"], "#
            + #""test_filenames": ["b.jpg", "c.jpg", "x.jpg"], "#
        _ = scratch.folder("images")
        let frames = ["a.jpg", "b.jpg", "images/c.jpg", "d.jpg"].map { frame($0) }.joined(separator: ", ")
        scratch.write("transforms.json", text: transforms(Self.top + lists, frames))
        let listed = try PosedImages(folder: scratch.path)
        #expect(listed.images.map(\.role) == ["map", "map", "query", ""])
        #expect(
            listed.unused.map(\.text) == [
                "names in \(scratch.path)/transforms.json's lists have no frame: 1 (x.jpg)",
                "images with a pose are in none of its lists of training and test images: 1 (d.jpg)",
            ])
        scratch.write("split.txt", text: "a.jpg query\nb.jpg map\nc.jpg map\nd.jpg map\n")
        #expect(try PosedImages(folder: scratch.path).images.map(\.role) == ["query", "map", "map", "map"])

        let synthetic = Scratch()
        synthetic.write("transforms_train.json", text: transforms(Self.top, frame("./train/r_0.png")))
        synthetic.write("transforms_test.json", text: transforms(Self.top, frame("./test/r_0.png")))
        let several = try PosedImages(folder: synthetic.path)
        #expect(several.images.map(\.name) == ["train/r_0.png", "test/r_0.png"])
        #expect(several.images.map(\.role) == ["map", "query"])
    }

    @Test("what is wrong with a transforms.json is named, with the frame")
    func transformsWrong() {
        for (text, field) in [
            ("{}", "frames"), ("[", "text"),
            (transforms(Self.top, frame("../a.jpg")), "frame 1, file_path"),
            (transforms(Self.top, frame("a.jpg"), frame("./a.jpg")), "frame 2, file_path"),
            (transforms(#""w": 640, "h": 480, "#, frame("a.jpg")), "top, fl_x"),
            (transforms(Self.top + #""camera_model": "EQUIRECTANGULAR", "#, frame("a.jpg")), "top, camera_model"),
            (transforms(Self.top + #""k4": 0.1, "#, frame("a.jpg")), "top, k4"),
            (
                transforms(Self.top, frame("a.jpg").replacing("[-1, 0, 0, 2]", with: "[-2, 0, 0, 2]")),
                "frame 1, transform_matrix"
            ),
            (
                transforms(Self.top, frame("a.jpg").replacing("[-1, 0, 0, 2]", with: "[1, 0, 0, 2]")),
                "frame 1, transform_matrix"
            ),
        ] {
            scratch.write("transforms.json", text: text)
            let error = #expect(throws: MapError.self) { try PosedImages(folder: scratch.path) }
            #expect(error?.field == field && error?.file == "\(scratch.path)/transforms.json")
        }
    }

    @Test("where several layouts are, the others are named")
    func several() throws {
        scratch.write("transforms.json", text: transforms(Self.top, frame("a.jpg")))
        scratch.write("cameras.txt", text: "1 PINHOLE 8 6 5 5 4 3\n")
        scratch.write("poses.txt", text: "b.jpg 1 1 0 0 0 0 0 0\n")
        let images = try PosedImages(folder: scratch.path)
        #expect(images.images.map(\.name) == ["b.jpg"])
        #expect(
            images.unused.map(\.text) == [
                "files with poses are not used, since there is a poses.txt: 1 (transforms.json)"
            ])
    }
}
