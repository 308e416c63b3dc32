import Capture
import Errors
import Evaluation
import Features
import Files
import TestSupport
import Testing

@Suite("Pictures of results")
struct CanvasTests {
    private let red = Colour(red: 255, green: 0, blue: 0)
    private let black = Colour(red: 0, green: 0, blue: 0)

    private func count(_ colour: Colour, in canvas: Canvas) -> Int {
        (0..<canvas.height).reduce(0) { sum, y in sum + (0..<canvas.width).count { canvas[$0, y] == colour } }
    }

    @Test("an image is enlarged pixel by pixel, and dimmed to three quarters")
    func enlarged() {
        var image = GreyImage(width: 2, height: 1)
        (image[0, 0], image[1, 0]) = (255, 101)
        let canvas = Canvas(image, scale: 3)
        #expect(canvas.width == 6 && canvas.height == 3)
        #expect(canvas[2, 2] == Colour(red: 191, green: 191, blue: 191))
        #expect(canvas[3, 0] == Colour(red: 75, green: 75, blue: 75))
    }

    @Test("nothing is drawn outside")
    func outside() {
        var canvas = Canvas(GreyImage(width: 4, height: 4), scale: 1)
        for (x, y) in [(-1, 0), (0, -1), (4, 0), (0, 4)] { canvas.set(x, y, red) }
        #expect(count(black, in: canvas) == 16)
        canvas.line(-3, 2, 9, 2, red)
        #expect(count(red, in: canvas) == 4)
    }

    @Test("a line has both ends and no holes")
    func line() {
        var canvas = Canvas(GreyImage(width: 9, height: 5), scale: 1)
        canvas.line(1, 1, 7, 3, red)
        #expect(canvas[1, 1] == red && canvas[7, 3] == red && canvas[4, 2] == red)
        #expect(count(red, in: canvas) == 7)
        canvas.line(0.4, 4.4, 0.4, 4.4, Colour.inlier)
        #expect(canvas[0, 4] == .inlier)
    }

    @Test("a line that leads far away, as of a landmark near the camera, is drawn as its beginning")
    func farLine() {
        var canvas = Canvas(GreyImage(width: 4, height: 4), scale: 1)
        canvas.line(1, 2, 1e12, 2, red)
        #expect(count(red, in: canvas) == 1 && canvas[1, 2] == red)
    }

    @Test("crosses and squares lie about their point")
    func marks() {
        var canvas = Canvas(GreyImage(width: 9, height: 9), scale: 1)
        canvas.cross(4, 4, arm: 3, red)
        #expect(count(red, in: canvas) == 13 && canvas[1, 4] == red && canvas[4, 7] == red)
        canvas.square(4, 4, arm: 2, .keypoint)
        #expect(
            count(.keypoint, in: canvas) == 16 && canvas[2, 2] == .keypoint && canvas[6, 6] == .keypoint)
    }

    @Test("written as a PNG that others read, and refused where it cannot be")
    func written() throws {
        let folder = TemporaryFolder()
        var image = GreyImage(width: 5, height: 4)
        image[3, 2] = 200
        let canvas = Canvas(image, scale: 2)
        try canvas.write(to: folder.file("a.png"))
        var read = GreyImage(width: 1, height: 1)
        try ImageFile.readGrey(folder.file("a.png"), into: &read)
        #expect(read.width == 10 && read.height == 8 && read[7, 5] == 150 && read[5, 5] == 0)
        let failure = #expect(throws: FileError.self) { try canvas.write(to: folder.file("none/a.png")) }
        #expect(failure?.exitStatus == .cannotCreate)
    }
}
