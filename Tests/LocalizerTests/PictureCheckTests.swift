import Features
import Geometry
import Localizer
import TestSupport
import Testing

@Suite("Pictures that no camera takes now")
struct PictureCheckTests {
    private func noise(_ seed: UInt64) -> GreyImage {
        var generator = SeededGenerator(seed: seed)
        var image = GreyImage(width: 160, height: 120)
        for index in image.pixels.indices { image.pixels[index] = UInt8.random(in: 100...140, using: &generator) }
        return image
    }

    @Test("one colour is nothing, whatever it is; a dark picture with something in it is a picture")
    func blank() {
        var check = PictureCheck()
        for level: UInt8 in [0, 90, 255] {
            #expect(check.look(at: GreyImage(width: 160, height: 120, filledWith: level), time: 1) == .blank)
        }
        var dark = noise(1)
        for index in dark.pixels.indices { dark.pixels[index] = (dark.pixels[index] - 100) / 8 }
        #expect(check.look(at: dark, time: 2) == nil)
    }

    @Test("the picture before with a new stamp is frozen; with the old stamp, or with a sensor's noise, it is not")
    func repeated() {
        var check = PictureCheck()
        #expect(check.look(at: noise(1), time: 10) == nil)
        #expect(check.look(at: noise(1), time: 20) == .repeated)
        #expect(check.look(at: noise(1), time: 20) == nil)
        #expect(check.look(at: noise(1), time: 30) == .repeated)
        var almost = noise(1)
        almost.pixels[160 * 60 + 81] ^= 1
        #expect(check.look(at: almost, time: 40) == .repeated)
        var standing = noise(1)
        var generator = SeededGenerator(seed: 7)
        for index in standing.pixels.indices where Bool.random(using: &generator) { standing.pixels[index] += 1 }
        #expect(check.look(at: standing, time: 50) == nil)
        check.forget()
        #expect(check.look(at: standing, time: 60) == nil)
    }

    @Test("one of the last eight pictures again is stale, an older one is not; a simulator's may stand")
    func stale() {
        for (distance, isStale) in [(2, true), (8, true), (9, false)] {
            var check = PictureCheck()
            for step in 0..<distance { #expect(check.look(at: noise(UInt64(step)), time: UInt64(step)) == nil) }
            #expect(check.look(at: noise(0), time: 100) == (isStale ? .stale : nil), "\(distance)")
            var patient = PictureCheck(allowedRepetitions: 1)
            for step in 0..<distance { _ = patient.look(at: noise(UInt64(step)), time: UInt64(step)) }
            #expect(patient.look(at: noise(0), time: 100) == nil)
        }
    }

    @Test("a seam is found where two pictures meet, to the pixel, along rows and along columns")
    func seams() throws {
        var seams = PictureSeams()
        seams.find(in: noise(1).blurred(2))
        #expect(seams.found.isEmpty)
        // Where every line breaks off everywhere, none is a seam.
        seams.find(in: noise(1))
        #expect(seams.found.isEmpty)
        var torn = noise(1).blurred(2)
        for index in 160 * 48..<torn.pixels.count { torn.pixels[index] += 60 }
        seams.find(in: torn)
        #expect(try #require(seams.found.first) == PictureSeam(isAlongRow: true, position: 48))
        seams.find(in: noise(1).blurred(2).shaded(from: 100))
        #expect(try #require(seams.found.first) == PictureSeam(isAlongRow: false, position: 100))
        let seam = PictureSeam(isAlongRow: false, position: 100).scaled(by: 0.5)
        #expect(seam.isBehind(Vector2(49.5, 0)) && seam.isBehind(Vector2(60, 0)) && !seam.isBehind(Vector2(49.4, 70)))
    }
}

extension PictureCheckTests {
    @Test("the boxes of a poor JPEG are no seams; where two such pictures meet there is one")
    func boxes() throws {
        var seams = PictureSeams()
        let boxed = noise(1).boxed()
        seams.find(in: boxed)
        #expect(seams.found.isEmpty)
        var torn = boxed
        for index in 160 * 51..<torn.pixels.count { torn.pixels[index] ^= 64 }
        seams.find(in: torn)
        #expect(try #require(seams.found.first) == PictureSeam(isAlongRow: true, position: 51))
    }
}

extension GreyImage {
    /// One grey in each box of eight by eight pixels.
    fileprivate func boxed() -> GreyImage {
        var image = self
        for y in 0..<height { for x in 0..<width { image[x, y] = self[x / 8 * 8, y / 8 * 8] } }
        return image
    }

    /// Brighter from a column on.
    fileprivate func shaded(from column: Int) -> GreyImage {
        var image = self
        for y in 0..<height { for x in column..<width { image[x, y] += 60 } }
        return image
    }
}
