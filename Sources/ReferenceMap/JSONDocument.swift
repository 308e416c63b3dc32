import Container
import Files
import Geometry

/// A JSON file of another program, with errors that name the file and the field.
struct JSONDocument {
    let file: String
    let root: JSON

    init(reading file: String) throws(MapError) {
        self.file = file
        let bytes: [UInt8]
        do throws(FileError) { bytes = try PlainText.read(file, atMost: 4 << 30) } catch { throw MapError(error) }
        do throws(JSON.Failure) { root = try JSON(parsing: bytes.span) } catch {
            throw MapError(
                .damaged, file: file, field: "text", problem: "not JSON: \(error)", cure: "write the file again")
        }
    }

    func error(_ field: String, _ problem: String, cure: String = "correct the field") -> MapError {
        MapError(.damaged, file: file, field: field, problem: problem, cure: cure)
    }

    /// A number of an object; nil if it has none of this name.
    func number(_ name: String, of object: JSON, _ place: String) throws(MapError) -> Double? {
        guard let value = object[name], value != .null else { return nil }
        guard let number = value.double else { throw error("\(place), \(name)", "is not a finite number") }
        return number
    }

    /// So many numbers of an object.
    func numbers(_ name: String, _ count: Int, of object: JSON, _ place: String) throws(MapError) -> [Double] {
        let values = object[name]?.array?.compactMap(\.double) ?? []
        guard values.count == count else { throw error("\(place), \(name)", "is not a list of \(count) numbers") }
        return values
    }

    /// A number of pixels along a side.
    func side(_ name: String, of object: JSON, _ place: String) throws(MapError) -> Int {
        guard let value = try number(name, of: object, place), let side = Int(exactly: value) else {
            throw error("\(place), \(name)", "is missing, or no whole number of pixels", cure: "give the image's size")
        }
        return side
    }
}

extension PoseTable {
    /// Adds a camera of another program's file.
    mutating func add(_ name: String, _ camera: Result<Camera, MapError>) {
        cameras.append(StatedCamera(name: name, camera: camera))
    }

    /// A camera from its model's parameters, or why they make none.
    static func camera(
        _ model: CameraModel, _ parameters: [Double], _ size: (width: Int, height: Int), isColmap: Bool, file: String,
        field: String
    ) -> Result<Camera, MapError> {
        var (model, parameters) = (model, parameters)
        // A lens without higher coefficients is of the usual model.
        if model == .fullOpenCV, parameters.dropFirst(8).allSatisfy({ $0 == 0 }) {
            (model, parameters) = (.openCV, Array(parameters.prefix(8)))
        }
        do {
            return .success(
                isColmap
                    ? try Camera(colmapModel: model, parameters: parameters, width: size.width, height: size.height)
                    : try Camera(model: model, parameters: parameters, width: size.width, height: size.height))
        } catch {
            return .failure(
                MapError(.damaged, file: file, field: field, problem: "\(error)", cure: "correct the camera"))
        }
    }
}
