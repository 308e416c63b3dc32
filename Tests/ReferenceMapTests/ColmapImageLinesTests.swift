import Geometry
import ReferenceMap
import TestSupport
import Testing

@Suite("COLMAP's images.txt")
struct ColmapImageLinesTests {
    private let scratch = Scratch()

    private func read(_ images: String, parts: ColmapModel.Parts) throws(MapError) -> [ColmapModel.Image] {
        scratch.write("cameras.txt", text: "1 PINHOLE 640 480 500 501 320 240\n2 PINHOLE 64 48 50 50 32 24\n")
        scratch.write("images.txt", text: images)
        scratch.write("points3D.txt", text: "")
        return try ColmapModel.read(folder: scratch.path, parts: parts).images
    }

    private func line(_ id: Int, _ name: String, camera: Int = 1) -> String {
        "\(id) 1 0 0 0 0.5 0 \(id) \(camera) \(name)\n"
    }

    @Test("loses no image, whichever second lines are missing", arguments: [ColmapModel.Parts.poses, .everything])
    func missingSecondLines(parts: ColmapModel.Parts) throws {
        for mask in 0..<64 {
            var (text, expected) = ("# images\n", [Int]())
            for index in 0..<6 {
                text += line(index + 1, "\(index).jpg")
                // Two bits of the mask: nothing, an empty line, keypoints.
                let kind = (mask >> index) & 1 == 0 ? 0 : 1 + index % 2
                text += ["", "\n", "10.5 20.25 -1 30 40 -1 1 1 -1 7 8 -1\n"][kind]
                expected.append(kind == 2 && parts == .everything ? 4 : 0)
            }
            let images = try read(text, parts: parts)
            #expect(images.map(\.name) == (0..<6).map { "\($0).jpg" }, "\(mask)")
            #expect(images.map(\.keypoints.count) == expected, "\(mask)")
            #expect(images.map(\.cameraFromWorld.translation.z) == [1, 2, 3, 4, 5, 6])
        }
    }

    @Test("may have blanks in its names, comments anywhere, and no line's end at its end")
    func names() throws {
        let text =
            line(1, "my  photo 1.jpg ") + "# comment\n\n" + line(2, "a/b c.png", camera: 2) + "  \n\t"
            + line(3, "7") + "1 2 -1\n" + line(4, "1 2") + line(5, "x").dropLast()
        let images = try read(text, parts: .poses)
        #expect(images.map(\.name) == ["my  photo 1.jpg", "a/b c.png", "7", "1 2", "x"])
        #expect(images.map(\.camera) == [1, 2, 1, 1, 1])
    }

    @Test("is refused where a line could be an image or the keypoints of the one before")
    func ambiguous() throws {
        func line(_ id: Int, _ name: String, camera: Int = 1) -> String { "\(id) 1 0 0 0 5 0 2 \(camera) \(name)\n" }
        let error = #expect(throws: MapError.self) { try read(line(1, "a.jpg") + line(2, "1 2 -1"), parts: .poses) }
        #expect(error?.field == "line 2, image" && error?.problem.hasPrefix("may be an image or the keypoints") == true)
        // After an empty line it is clear.
        let clear = try read(line(1, "a.jpg") + "\n" + line(2, "1 2 -1"), parts: .poses)
        #expect(clear.map(\.name) == ["a.jpg", "1 2 -1"])
        // No point has the id 0.5, and no camera the id 9.
        let image = "2 1 0 0 0 0.5 0 2 1 1 2 -1\n"
        #expect(try read(line(1, "a.jpg") + image, parts: .everything).map(\.name) == ["a.jpg", "1 2 -1"])
        #expect(try read(line(1, "a.jpg") + line(2, "1 2 -1", camera: 9), parts: .everything)[0].keypoints.count == 4)
    }

    @Test(
        "names the line and the field that is wrong",
        arguments: [
            ("1 1 0 0 0 0 0 0 1\n", "line 1, image"), ("10.5 20.5 -1\n", "line 1, image"),
            ("1 1 0 0 0 0 0 0 1 a.jpg\n\n2 1 0 0 0 0 0 x 1 b.jpg\n", "line 3, TZ"),
            ("1 1 0 0 0 0 0 0 1 a.jpg\n2 2 0 0 0 0 0 0 1 b.jpg\n", "line 2, QW QX QY QZ"),
            ("1 1 0 0 0 0 0 0 1 a.jpg\n10 20 -1 7\n", "line 2, POINTS2D"),
            ("1 1 0 0 0 0 0 0 1 a.jpg\n10 20 y\n", "line 2, image"),
            ("1 1 0 0 0 0 0 0 1 ../a.jpg\n", "line 1, NAME"), ("1 1 0 0 0 0 0 0 1 a\u{7}.jpg\n", "line 1, NAME"),
        ])
    func wrong(text: String, field: String) {
        let error = #expect(throws: MapError.self) { try read(text, parts: .everything) }
        #expect(error?.field == field)
    }
}
