import Container
import Geometry

extension PoseTable {
    /// Of OpenSfM's reconstruction.json: of its reconstructions the one with the most images. Poses are camera from
    /// world, as a rotation vector and a translation; the world is metres, z up, where the images have GPS.
    ///
    /// OpenSfM measures the image plane in units of the image's longer side, from the image's middle.
    /// Source: https://opensfm.org/docs/dataset.html and https://opensfm.org/docs/geometry.html
    init(openSfM file: String) throws(MapError) {
        let document = try JSONDocument(reading: file)
        let parts = document.root.array ?? []
        let counts = parts.map { $0["shots"]?.object?.count ?? 0 }
        guard let most = counts.max(), let chosen = counts.firstIndex(of: most) else {
            throw document.error("reconstructions", "is not a list of them", cure: "give OpenSfM's reconstruction.json")
        }
        var indices: [String: Int] = [:]
        for member in parts[chosen]["cameras"]?.object ?? [] {
            indices[member.name] = cameras.count
            let field = "camera '\(member.name)'"
            add(field, Self.openSfMCamera(member.value, document, field))
        }
        for shot in parts[chosen]["shots"]?.object ?? [] {
            let place = "shot '\(shot.name)'"
            guard ImageName.isSafe(shot.name) else { throw document.error(place, ImageName.rule) }
            guard let id = shot.value["camera"]?.string, let camera = indices[id] else {
                throw document.error("\(place), camera", "is none of the reconstruction's cameras")
            }
            let r = try document.numbers("rotation", 3, of: shot.value, place)
            let t = try document.numbers("translation", 3, of: shot.value, place)
            let pose = RigidTransform(
                rotation: Rotation(exp: Vector3(r[0], r[1], r[2])), translation: Vector3(t[0], t[1], t[2]))
            rows.append(Row(name: shot.name, camera: camera, cameraFromMap: pose))
        }
        let others = counts.indices.filter { $0 != chosen }.map { "number \($0 + 1) with \(counts[$0])" }
        note("reconstructions", "are not used, since number \(chosen + 1), which is taken, has \(most) images", others)
    }

    private static let openSfMTypes = [
        "perspective", "simple_radial", "radial", "brown", "fisheye", "fisheye_opencv",
    ]

    private static func openSfMCamera(
        _ json: JSON, _ document: JSONDocument, _ field: String
    ) -> Result<Camera, MapError> {
        do throws(MapError) {
            let size = (
                width: try document.side("width", of: json, field), height: try document.side("height", of: json, field)
            )
            let type = json["projection_type"]?.string ?? "perspective"
            guard openSfMTypes.contains(type) else {
                throw MapError(
                    .input, file: document.file, field: "\(field), projection_type",
                    problem: "\(type) is not supported", cure: "use one of \(openSfMTypes.joined(separator: ", "))")
            }
            let unit = Double(max(size.width, size.height))
            func value(_ name: String) throws(MapError) -> Double { try document.number(name, of: json, field) ?? 0 }
            let focal = try document.number("focal", of: json, field)
            func focalLength(_ name: String) throws(MapError) -> Double {
                guard let f = try document.number(name, of: json, field) ?? focal else {
                    throw document.error("\(field), \(name)", "is missing")
                }
                return f * unit
            }
            // The middle of the image is half a pixel nearer to the centre of its first pixel than half its side.
            let centre = [
                Double(size.width - 1) / 2 + unit * (try value("c_x")),
                Double(size.height - 1) / 2 + unit * (try value("c_y")),
            ]
            let one = [try focalLength("focal_x")] + centre
            let two = [try focalLength("focal_x"), try focalLength("focal_y")] + centre
            let (k1, k2, k3, k4) = (try value("k1"), try value("k2"), try value("k3"), try value("k4"))
            let (p1, p2) = (try value("p1"), try value("p2"))
            let (model, parameters): (CameraModel, [Double])
            switch type {
            case "perspective": (model, parameters) = (.radial, one + [k1, k2])
            case "simple_radial": (model, parameters) = (.openCV, two + [k1, 0, 0, 0])
            case "radial": (model, parameters) = (.openCV, two + [k1, k2, 0, 0])
            case "brown": (model, parameters) = (.fullOpenCV, two + [k1, k2, p1, p2, k3, 0, 0, 0])
            case "fisheye": (model, parameters) = (.radialFisheye, one + [k1, k2])
            default: (model, parameters) = (.openCVFisheye, two + [k1, k2, k3, k4])  // fisheye_opencv
            }
            return camera(model, parameters, size, isColmap: false, file: document.file, field: field)
        } catch {
            return .failure(error)
        }
    }
}
