import Configuration
import Errors
import Evaluation
import Geometry
import TestSupport
import Testing

@Suite("Where query images and their cameras come from")
struct QueryImagesTests {
    private func failure(_ body: () throws -> Void) -> Failure? {
        do { try body() } catch { return error as? Failure }
        return nil
    }

    @Test("a camera in words has the pixel convention of this project")
    func camera() throws {
        let camera = try QueryImages.camera("PINHOLE 640 480  500 501 320 240")
        #expect(camera == (try Camera(model: .pinhole, parameters: [500, 501, 320, 240], width: 640, height: 480)))
    }

    @Test("and so has a camera file, which may have blanks in its name")
    func cameraFile() throws {
        let folder = TemporaryFolder()
        folder.write("a camera.yaml", "model: PINHOLE\nwidth: 640\nheight: 480\nparameters: [500, 501, 320, 240]\n")
        #expect(try QueryImages.camera(folder.file("a camera.yaml")).focalLength == Vector2(500, 501))
        #expect(throws: ConfigurationError.self) { try QueryImages.camera(folder.file("none.yaml")) }
    }

    @Test("what a camera file says of its own accuracy goes along, in words there is none")
    func calibration() throws {
        let folder = TemporaryFolder()
        let text = "model: PINHOLE\nwidth: 640\nheight: 480\nparameters: [500, 500, 320, 240]\n"
        folder.write("sure.yaml", text + "standard_deviations: [5, 5, 2, 3]\n")
        folder.write("plain.yaml", text)
        let sure = try QueryImages.named(["a.jpg"], camera: folder.file("sure.yaml")).calibration
        #expect(abs(sure[0, 0] - 0.5 * 0.01 * 0.01) < 1e-12 && sure[1, 1] == 4 && sure[2, 2] == 9)
        #expect(try QueryImages.named(["a.jpg"], camera: folder.file("plain.yaml")).calibration == .zero)
        #expect(try QueryImages.named(["a.jpg"], camera: "PINHOLE 640 480 500 500 320 240").calibration == .zero)
    }

    @Test(
        "what is wrong with a camera in words is said",
        arguments: [
            (
                "CUBIST 640 480 1",
                "--camera: 'CUBIST' is not a camera model that is read; known are "
                    + CameraModel.allCases.map(\.rawValue).joined(separator: ", ")
            ),
            ("PINHOLE 640 x 1 2 3 4", "--camera: width, height and parameters must be numbers"),
            ("PINHOLE 640 480 1 2 3 d", "--camera: width, height and parameters must be numbers"),
            (
                "PINHOLE 640 480 500",
                "--camera: camera model PINHOLE has 4 parameters (fx, fy, cx, cy), but 1 are given"
            ),
            (
                "PINHOLE 640 480 nan 1 2 3",
                "--camera: camera parameter fx = nan is impossible: it must be finite, "
                    + "focal lengths also positive (pixels)"
            ),
        ])
    func badCamera(text: String, said: String) {
        let failure = failure { _ = try QueryImages.camera(text) }
        #expect(failure?.description == said && failure?.status == .usage)
    }

    @Test("a list has COLMAP's pixel convention; comments and empty lines are none of it")
    func list() throws {
        let text =
            "# NAME ...\n\nimages/a.jpg PINHOLE 640 480 500 501 320.5 240.5\n  \nb.jpg SIMPLE_PINHOLE 8 6 5 4.5 3.5"
        let queries = try QueryImages.listed(text, path: "list.txt", root: "/data").images
        #expect(queries.map(\.name) == ["images/a.jpg", "b.jpg"])
        #expect(queries.map(\.path) == ["/data/images/a.jpg", "/data/b.jpg"])
        #expect(
            queries[0].camera.principalPoint == Vector2(320, 240) && queries[1].camera.principalPoint == Vector2(4, 3))
    }

    @Test(
        "what is wrong with a list is said, with the line",
        arguments: [
            ("", "l.txt: names no image"), ("# only\n", "l.txt: names no image"),
            (
                "a.jpg PINHOLE 4 4 1 1 1 1\nb.jpg PINHOLE 640",
                "l.txt:2: PINHOLE lacks width, height and parameters"
                    + "; lines are NAME MODEL WIDTH HEIGHT PARAMS..."
            ),
            (
                "\nb.jpg PINHOLE 0 480 500 500 320 240",
                "l.txt:2: camera size 0 x 480 is impossible: give the image's width and height in pixels; "
                    + "lines are NAME MODEL WIDTH HEIGHT PARAMS..."
            ),
        ])
    func badList(text: String, said: String) {
        let failure = failure { _ = try QueryImages.listed(text, path: "l.txt", root: ".") }
        #expect(failure?.description == said && failure?.status == .badData)
    }

    @Test("images with a camera are taken as they are")
    func named() throws {
        let set = try QueryImages.named(["a.jpg", "x/b.jpg"], camera: "SIMPLE_PINHOLE 8 6 5 4 3")
        let queries = set.images
        #expect(set.folder == nil)
        #expect(queries.map(\.name) == ["a.jpg", "x/b.jpg"] && queries.map(\.path) == ["a.jpg", "x/b.jpg"])
        #expect(try QueryImages.named([], camera: "SIMPLE_PINHOLE 8 6 5 4 3").images.isEmpty)
    }

    @Test("a folder with a camera stands for the images below it")
    func plainFolder() throws {
        let (folder, camera) = (TemporaryFolder(), "SIMPLE_PINHOLE 8 6 5 4 3")
        for name in ["b.PNG", "sub/a.jpg", ".hidden.jpg", "notes.txt"] { folder.write(name, "") }
        let set = try QueryImages.named([folder.path], camera: camera)
        #expect(set.folder == folder.path && set.images.map(\.name) == ["b.PNG", "sub/a.jpg"])
        #expect(set.images.map(\.path) == ["b.PNG", "sub/a.jpg"].map(folder.file))
        let two = try QueryImages.named(["x.jpg", folder.path], camera: camera)
        #expect(two.folder == nil && two.images.map(\.name) == ["x.jpg"] + ["b.PNG", "sub/a.jpg"].map(folder.file))
        let empty = TemporaryFolder()
        let failure = failure { _ = try QueryImages.named([empty.path], camera: camera) }
        #expect(failure?.status == .missingInput)
    }

    @Test("names in a list may hold blanks, and differ from the file's in Unicode normalization")
    func names() throws {
        let folder = TemporaryFolder()
        folder.write("a/u\u{308}.jpg", "")
        let text = "a/\u{FC}.jpg PINHOLE 8 6 5 5 4 3\nmy  photo 1.jpg SIMPLE_PINHOLE 8 6 5 4 3\n"
        let images = try QueryImages.listed(text, path: "l.txt", root: folder.path).images
        #expect(images.map(\.name) == ["a/\u{FC}.jpg", "my  photo 1.jpg"])
        let paths = ["a/u\u{308}.jpg", "my  photo 1.jpg"].map(folder.file)
        #expect(images.map { Array($0.path.utf8) } == paths.map { Array($0.utf8) })
    }

    @Test("several images without one are refused")
    func noCamera() {
        let failure = failure { _ = try QueryImages.named(["a.jpg", "b.jpg"], camera: nil) }
        #expect(
            failure?.status == .usage && failure?.description.hasPrefix("--camera: is missing; give the camera") == true
        )
    }

    @Test("of a folder those marked 'query' are taken, or all if none is marked")
    func folder() throws {
        let folder = TemporaryFolder()
        folder.write("cameras.txt", "1 PINHOLE 8 6 5 5 4 3\n2 PINHOLE 8 6 6 6 4 3\n")
        folder.write("poses.txt", "a.jpg 1 1 0 0 0 0 0 0\nb.jpg 2 1 0 0 0 0 0 0\n")
        #expect(try QueryImages.named([folder.path], camera: nil).images.map(\.name) == ["a.jpg", "b.jpg"])
        folder.write("split.txt", "a.jpg map\nb.jpg query\n")
        let set = try QueryImages.named([folder.path], camera: nil)
        let queries = set.images
        #expect(set.folder == folder.path)
        #expect(queries.map(\.path) == [folder.file("b.jpg")] && queries[0].camera.focalLength.x == 6)
    }
}
