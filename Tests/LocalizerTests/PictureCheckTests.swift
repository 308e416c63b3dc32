import Features
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
}
