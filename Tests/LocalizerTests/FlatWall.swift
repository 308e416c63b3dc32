import Capture
import Features
import Geometry
import Inference
import LocalizationOptions
import Localizer
import Mapping
import ReferenceMap
import TestSupport

/// A wall that a camera passes, facing it: every view is a cut of one wide picture, and a map is made of nine of them.
///
/// A lens and a distance cannot be told apart before it, so that the camera file contradicts nothing, whatever is done
/// to a picture.
struct FlatWall {
    static let width = 640
    static let height = 480
    private static let focalLength = 400.0
    /// Columns from one view of the map to the next.
    private static let step = 60

    let map: ReferenceMap
    private let wide: GreyImage
    private let model: Model
    private let camera: Camera
    private let metresPerPixel: Double

    /// - Parameters:
    ///   - wide: the wall, 1280x480.
    ///   - metresPerPixel: how large it is.
    ///   - model: makes the features.
    init(_ wide: GreyImage, metresPerPixel: Double = 0.025, model: Model) throws {
        (self.wide, self.model, self.metresPerPixel) = (wide, model, metresPerPixel)
        let (f, cx, cy) = (Self.focalLength, Double(Self.width - 1) / 2, Double(Self.height - 1) / 2)
        camera = try Camera(
            model: .pinhole, parameters: [f, f, cx, cy], width: Self.width, height: Self.height)
        let folder = TemporaryFolder()
        folder.write("cameras.txt", "1 PINHOLE \(Self.width) \(Self.height) \(f) \(f) \(cx) \(cy)\n")
        var poses = ""
        for column in stride(from: 0, through: wide.width - Self.width - 2 * Self.step, by: Self.step) {
            folder.write("images/\(column).pgm", wide.cut(at: column).pgm)
            poses += "\(column).pgm 1 1 0 0 0 \(-Double(column) * metresPerPixel) 0 0\n"
        }
        folder.write("poses.txt", poses)
        let path = folder.file("wall.hfmap")
        let images = try PosedImages(folder: folder.path)
        _ = try MapProduction(model: model, longSide: Self.width).produce(from: images, to: path)
        map = try ReferenceMap(opening: path)
    }

    /// Two of the sample's images side by side.
    static func sample() throws -> GreyImage {
        let root = #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 }
        var (wide, part) = (GreyImage(width: 2 * width, height: height), GreyImage(width: 1, height: 1))
        for (index, name) in ["map_0003.jpg", "map_0055.jpg"].enumerated() {
            try ImageFile.readGrey("\(root)/Tests/Sample/images/\(name)", into: &part)
            for y in 0..<height { for x in 0..<width { wide[index * width + x, y] = part[x, y] } }
        }
        return wide
    }

    /// What the camera sees at a column of the wall.
    func view(at column: Int) -> GreyImage { wide.cut(at: column) }

    func localizer(_ change: (inout LocalizerOptions) -> Void = { _ in }) throws -> Localizer {
        var options = LocalizerOptions()
        change(&options)
        return try Localizer(model: model, map: map, camera: camera, options: options)
    }

    /// A picture on its own.
    func localize(
        _ picture: GreyImage, _ change: (inout LocalizerOptions) -> Void = { _ in }
    ) throws -> Localization {
        let localizer = try localizer {
            $0.agreement = 1
            change(&$0)
        }
        localizer.isDrive = false
        return localizer.localize(picture, captureTime: 1_000_000_000)
    }

    /// How far a pose is from a column of the wall, metres; 0 if there is none.
    func error(of result: Localization, at column: Int) -> Double {
        let truth = Vector3(Double(column) * metresPerPixel, 0, 0)
        return result.cameraFromMap.map { ($0.originInSource - truth).length } ?? 0
    }
}

extension GreyImage {
    /// A view's part of a wide picture, from a column on.
    func cut(at column: Int) -> GreyImage {
        var view = GreyImage(width: FlatWall.width, height: FlatWall.height)
        for y in 0..<view.height { for x in 0..<view.width { view[x, y] = self[min(column + x, width - 1), y] } }
        return view
    }

    /// Its content moved to the right where `shows` says so of a pixel; elsewhere nothing.
    func carried(right: Int, where shows: (_ x: Int, _ y: Int) -> Bool) -> GreyImage {
        var image = GreyImage(width: width, height: height, filledWith: 128)
        for y in 0..<height {
            for x in max(right, 0)..<width where shows(x, y) { image[x, y] = self[x - right, y] }
        }
        return image
    }

    /// What is elsewhere in it, between pixels too: `from` says where.
    func sampled(from: (_ x: Double, _ y: Double) -> (x: Double, y: Double)) -> GreyImage {
        var image = self
        for y in 0..<height {
            for x in 0..<width {
                let (u, v) = from(Double(x), Double(y))
                let (left, top) = (min(max(Int(u), 0), width - 2), min(max(Int(v), 0), height - 2))
                let (a, b) = (min(max(u - Double(left), 0), 1), min(max(v - Double(top), 0), 1))
                let upper = (1 - a) * Double(self[left, top]) + a * Double(self[left + 1, top])
                let lower = (1 - a) * Double(self[left, top + 1]) + a * Double(self[left + 1, top + 1])
                image[x, y] = UInt8((1 - b) * upper + b * lower + 0.5)
            }
        }
        return image
    }

    /// Through a lens of so many times the focal length.
    func magnified(_ factor: Double) -> GreyImage {
        let (cx, cy) = (Double(width - 1) / 2, Double(height - 1) / 2)
        return sampled { (($0 - cx) / factor + cx, ($1 - cy) / factor + cy) }
    }

    /// With a sensor's noise of this standard deviation, about.
    func noisy(_ deviation: Double) -> GreyImage {
        var (image, random) = (self, SeededGenerator(seed: 4))
        for index in pixels.indices {
            let sum = (0..<12).reduce(-6.0) { total, _ in total + .random(in: 0...1, using: &random) }
            image.pixels[index] = UInt8(min(max(Double(pixels[index]) + deviation * sum, 0), 255))
        }
        return image
    }

    fileprivate var pgm: [UInt8] { Array("P5\n\(width) \(height)\n255\n".utf8) + pixels }
}
