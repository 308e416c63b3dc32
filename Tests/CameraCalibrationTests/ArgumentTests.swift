import CameraCalibration
import Configuration
import Errors
import Testing

@Suite("Sizes and parts on the command line")
struct ArgumentTests {
    @Test("a size is two numbers of pixels", arguments: [("640x480", 640, 480), ("1X65535", 1, 65535)])
    func size(text: String, width: Int, height: Int) throws {
        let size = try ImageSize.parse(text)
        #expect(size.width == width && size.height == height)
    }

    @Test(
        "what is none is refused, with a way to write it",
        arguments: ["", "640", "640x", "x480", "640x480x3", "0x480", "640x65536", "-640x480", "640 x 480", "axb"])
    func noSize(text: String) {
        let failure = #expect(throws: Failure.self) { try ImageSize.parse(text) }
        #expect(failure?.description == "--size '\(text)' is not WIDTHxHEIGHT in pixels; write it as 640x480")
        #expect(failure?.status == .usage)
    }

    @Test("a part lies within its frame, up to the last pixel")
    func part() throws {
        let part = try FramePart(parsing: "320,120,960,600", within: "1280x720")
        #expect(part.part == .init(frameWidth: 1280, frameHeight: 720, x: 320, y: 120))
        #expect(part.width == 960 && part.height == 600)
    }

    @Test(
        "what reaches beyond, is too small or is none is refused",
        arguments: [
            "", "1,2,3", "0,0,15,16", "0,0,16,15", "-1,0,64,64", "0,-1,64,64", "320,120,961,600", "320,120,960,601",
            "0,0,64,64,", "a,0,64,64", "0,0,a,64,64", "9223372036854775807,0,64,64", "64,0,9223372036854775807,64",
        ])
    func noPart(text: String) {
        let failure = #expect(throws: Failure.self) { try FramePart(parsing: text, within: "1280x720") }
        #expect(
            failure?.description
                == "--crop '\(text)' is not X,Y,WIDTH,HEIGHT in pixels within 1280x720; write it as 320,120,640,480")
    }

    @Test("a part needs the frame's size")
    func noFrame() {
        let failure = #expect(throws: Failure.self) { try FramePart(parsing: "0,0,64,64", within: nil) }
        #expect(failure?.description == "--crop needs --size, the whole frame that it is a part of")
        #expect(throws: Failure.self) { try FramePart(parsing: "0,0,64,64", within: "1280") }
    }
}
