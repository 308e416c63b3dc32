import CalibrationFixtures
import CameraCalibration
import Capture
import Container
import Errors
import Features
import Geometry
import Synchronization
import TestSupport
import Testing

@Suite("The boards in image files")
struct BoardImagesTests {
    private let folder = TemporaryFolder()

    private func pgm(_ width: Int, _ height: Int, _ pixels: [UInt8]? = nil) -> [UInt8] {
        Array("P5 \(width) \(height) 255\n".utf8) + (pixels ?? [UInt8](repeating: 90, count: width * height))
    }

    /// A frontal view of the board, 320 x 240.
    private func picture(of board: Board) throws -> [UInt8] {
        let camera = try Camera(model: .pinhole, parameters: [300, 300, 159.5, 119.5], width: 320, height: 240)
        let middle = board.points.reduce(Vector3.zero, +) / Double(board.points.count)
        let pose = RigidTransform(
            rotation: Rotation(exp: Vector3(0.2, -0.1, 0.05)), translation: Vector3(0, 0, 0.4) - middle)
        return pgm(320, 240, BoardRenderer(board, camera).image(pose, seed: "board").pixels)
    }

    @Test("a folder stands for the images in it, by name; a file for itself, whatever its name")
    func expanded() throws {
        for name in ["b.PNG", "a.jpg", ".hidden.jpg", "notes.txt", "c.jpeg", "d.pgm"] { folder.write(name, "") }
        let names = ["a.jpg", "b.PNG", "c.jpeg", "d.pgm"].map(folder.file)
        #expect(try BoardImages.expanded([folder.path]) == names)
        #expect(try BoardImages.expanded(["x.bmp", folder.path + "/"]) == ["x.bmp"] + names)
        #expect(try BoardImages.expanded([]).isEmpty)
    }

    @Test("a folder without images is refused")
    func empty() {
        folder.write("notes.txt", "")
        let failure = #expect(throws: Failure.self) { try BoardImages.expanded([folder.path]) }
        #expect(failure?.status == .missingInput)
        #expect(
            failure?.description
                == "\(folder.path): the folder has no images (.jpg, .jpeg, .png, .pgm); "
                + "give the folder with the views of the board")
    }

    @Test("views and absences, in the order of the images, and progress to the last")
    func found() throws {
        let board = try TestCameras.board()
        folder.write("a.pgm", pgm(320, 240))
        folder.write("b.pgm", try picture(of: board))
        folder.write("c.pgm", pgm(320, 240))
        let seen = Mutex<[Int]>([])
        let images = try BoardImages([folder.path], board: board) { done, count in
            seen.withLock { $0.append(done * 10 + count) }
        }
        #expect(seen.withLock { $0 } == [13, 23, 33])
        #expect(images.images.map(\.path) == ["a.pgm", "b.pgm", "c.pgm"].map(folder.file))
        #expect(images.views.count == 1 && images.views[0].corners.count == 54)
        let why = BoardAbsence.noContrast.description
        #expect(images.absences == [.init(reason: why, names: [folder.file("a.pgm"), folder.file("c.pgm")])])
        let input = CalibrationInput(images)
        #expect(input.imageCount == 3 && input.views == images.views && input.absences == images.absences)
    }

    @Test("images of another size than most are named, and the others used")
    func oddSize() throws {
        for name in ["a", "b"] { folder.write("\(name).pgm", pgm(320, 240)) }
        folder.write("c.pgm", pgm(96, 64))
        let images = try BoardImages([folder.path], board: TestCameras.board()) { _, _ in }
        #expect(images.images.map(\.path) == ["a.pgm", "b.pgm"].map(folder.file) && images.count == 3)
        let odd = try #require(images.unusable.first)
        #expect(images.unusable.count == 1 && odd.path == folder.file("c.pgm") && odd.failure.status == .badData)
        let said = "\(folder.file("c.pgm")): is 96 x 64 pixels, most images are 320 x 240"
        #expect(odd.failure.description.hasPrefix(said))
        #expect(images.absences.map(\.names) == [["a.pgm", "b.pgm"].map(folder.file), [folder.file("c.pgm")]])
        #expect(images.absences[1].reason.hasPrefix("is 96 x 64 pixels"))
    }

    @Test("images of several sizes, none of them that of most, are refused, the commonest size first")
    func sizes() throws {
        folder.write("a.pgm", pgm(64, 48))
        folder.write("b.pgm", pgm(96, 64))
        folder.write("c.pgm", pgm(96, 64))
        folder.write("d.pgm", pgm(80, 64))
        let error = #expect(throws: CalibrationError.self) {
            try BoardImages([folder.path], board: TestCameras.board()) { _, _ in }
        }
        guard case .mixedSizes(let groups) = error else {
            Issue.record("\(error.debugDescription)")
            return
        }
        #expect(groups.map(\.width) == [96, 64, 80] && groups.map(\.count) == [2, 1, 1])
        #expect(groups[0].example == folder.file("b.pgm"))
    }

    @Test("an image that cannot be read is named, and the others used")
    func oneUnreadable() throws {
        let board = try TestCameras.board()
        folder.write("a.pgm", "P5 9 9 255\n")
        folder.write("b.pgm", try picture(of: board))
        let images = try BoardImages([folder.path, folder.file("none.pgm")], board: board) { _, _ in }
        #expect(images.views.count == 1 && images.count == 3)
        #expect(images.unusable.map(\.path) == ["a.pgm", "none.pgm"].map(folder.file))
        #expect(images.unusable.map(\.failure.status) == [.badData, .missingInput])
        #expect(images.absences.map(\.names) == images.unusable.map { [$0.path] })
        #expect(CalibrationInput(images).unusable.count == 2)
    }

    @Test("an image that cannot be read is the error where there is no other, and no image is none")
    func unreadable() throws {
        folder.write("a.pgm", "P5 9 9 255\n")
        let board = try TestCameras.board()
        #expect(throws: ImageError.self) { try BoardImages([folder.path], board: board) { _, _ in } }
        #expect(try BoardImages([], board: board) { _, _ in }.images.isEmpty)
    }

    @Test("absences are grouped by reason, the most frequent first")
    func absences() {
        let images = BoardImages([
            .init(path: "a", detection: .absent(.noPattern)), .init(path: "b", detection: .absent(.mirrored)),
            .init(path: "c", detection: .absent(.mirrored)),
        ])
        #expect(images.absences.map(\.names) == [["b", "c"], ["a"]])
        #expect(BoardImages([]).absences.isEmpty)
    }

    @Test("a table of corners is input too; what is wrong with it is said with the line")
    func table() throws {
        let board = try TestCameras.board()
        let input = try CalibrationInput(
            table: "a.jpg 1 2\na.jpg 3 4\nb.jpg 5 6\n", path: "corners.vnl", board: board, size: (640, 480))
        #expect(input.views.map(\.name) == ["a.jpg", "b.jpg"] && input.imageCount == 2 && input.absences.isEmpty)
        let failure = #expect(throws: Failure.self) {
            try CalibrationInput(table: "a.jpg 1 2\na.jpg 3\n", path: "corners.vnl", board: board, size: (640, 480))
        }
        #expect(failure?.description == "corners.vnl: line 2: expected IMAGE X Y" && failure?.status == .badData)
        let outside = #expect(throws: Failure.self) {
            try CalibrationInput(table: "a.jpg 1280.5 2\n", path: "corners.vnl", board: board, size: (640, 480))
        }
        #expect(
            outside?.description
                == "corners.vnl: line 1: X and Y lie far outside of an image of 640 x 480; check --size")
    }

    @Test("what a detection is in words and as JSON")
    func detection() throws {
        let board = try TestCameras.board()
        let view = BoardView(
            name: "a", width: 8, height: 6,
            corners: [.init(id: 3, pixel: Vector2(1.5, 2)), .init(id: 4, pixel: Vector2(2.5, 2))])
        #expect(BoardDetection.found(view).text(of: board) == "2 of 54 corners")
        #expect(
            BoardDetection.found(view).json("a \"b\"", milliseconds: 2.5).text
                == #"{"name":"a \"b\"","milliseconds":2.5,"width":8,"height":6,"corners":["#
                + #"{"id":3,"x":1.5,"y":2.0},{"id":4,"x":2.5,"y":2.0}]}"#)
        let absent = BoardDetection.absent(.noContrast)
        #expect(absent.text(of: board) == BoardAbsence.noContrast.description)
        #expect(
            absent.json("a", milliseconds: 0).text
                == #"{"name":"a","milliseconds":0.0,"absent":"\#(BoardAbsence.noContrast)"}"#)
    }
}
