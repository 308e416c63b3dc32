import CameraCalibration
import Geometry
import GeometryFixtures
import TestSupport

/// Views of a board by a known camera from known poses.
struct SyntheticViews {
    var camera: Camera
    var board: Board
    var poses: [RigidTransform] = []
    var views: [BoardView] = []

    /// What varies between scenes.
    struct Setting {
        var count = 20
        var noise = 0.1
        /// Largest angle between the board's normal and the ray, radians.
        var tilt = 0.8
        /// Distance of the board's middle, metres.
        var distance = 0.25...0.55
        /// Where in the image the board's middle lies, as shares of its sides.
        var region = (x: 0.08...0.92, y: 0.08...0.92)
        var roll = Double.pi
        var warp = BoardWarp.none
    }

    init(_ camera: Camera, board: Board, setting: Setting = Setting(), seed: UInt64) {
        self.camera = camera
        self.board = board
        var g = SeededGenerator(seed: seed)
        while views.count < setting.count {
            let pose = Self.pose(camera, board, setting, &g)
            let view = view(of: pose, name: "view\(views.count)", setting, &g)
            guard view.corners.count >= board.points.count / 2 else { continue }
            poses.append(pose)
            views.append(view)
        }
    }

    private static func pose(
        _ camera: Camera, _ board: Board, _ setting: Setting, _ g: inout SeededGenerator
    ) -> RigidTransform {
        while true {
            let pixel = Vector2(
                Double(camera.width) * Double.random(in: setting.region.x, using: &g),
                Double(camera.height) * Double.random(in: setting.region.y, using: &g))
            guard let ray = camera.bearing(of: pixel) else { continue }
            let axis = Vector3(0, 0, 1).cross(ray)
            let facing = Rotation(exp: axis.length > 0 ? axis.normalized * Vector3(0, 0, 1).angle(to: ray) : .zero)
            let direction = sineAndCosine(g.uniform(0, 2 * .pi))
            let tilt = Rotation(exp: Vector3(direction.cosine, direction.sine, 0) * g.uniform(0, setting.tilt))
            let roll = Rotation(exp: Vector3(0, 0, g.uniform(-setting.roll, setting.roll)))
            let rotation = facing * tilt * roll
            let middle = board.points.reduce(Vector3.zero, +) / Double(board.points.count)
            let distance = Double.random(in: setting.distance, using: &g)
            return RigidTransform(rotation: rotation, translation: ray * distance - rotation * middle)
        }
    }

    func view(
        of pose: RigidTransform, name: String, _ setting: Setting, _ g: inout SeededGenerator
    ) -> BoardView {
        var view = BoardView(name: name, width: camera.width, height: camera.height, corners: [])
        let (columns, rows) = board.lattice
        for (id, flat) in board.points.enumerated() {
            let (column, row) = board.position(of: id)
            let u = 2 * Double(column) / Double(columns - 1) - 1
            let v = 2 * Double(row) / Double(rows - 1) - 1
            let bend = setting.warp.x * (1 - u * u) + setting.warp.y * (1 - v * v)
            guard let pixel = camera.project(pose * (flat + Vector3(0, 0, bend))), camera.contains(pixel) else {
                continue
            }
            view.corners.append(.init(id: id, pixel: pixel + Vector2(g.normal(), g.normal()) * setting.noise))
        }
        return view
    }
}

/// The cameras of the tests: one of each model, as lenses are.
enum TestCameras {
    static func parameters(_ model: LensModel) -> [Double] {
        switch model {
        case .pinhole: [521, 517, 322, 236]
        case .radtan4: [531, 529, 316, 244, -0.28, 0.09, 0.001, -0.0005]
        case .radtan5: [402, 401, 325, 238, -0.33, 0.15, 0.0006, 0.0004, -0.035]
        case .radtan8: [330, 331, 318, 241, 0.35, 0.12, 0.0004, -0.0003, 0.015, 0.68, 0.21, 0.04]
        case .fisheye: [231, 232, 318, 243, 0.02, -0.006, 0.002, -0.0006]
        }
    }

    static func camera(_ model: LensModel, width: Int = 640, height: Int = 480) throws -> Camera {
        let fitted = parameters(model)
        let rest = [Double](repeating: 0, count: model.cameraModel.parameterCount - fitted.count)
        return try Camera(model: model.cameraModel, parameters: fitted + rest, width: width, height: height)
    }

    static func board() throws -> Board { try Board(parsing: "chessboard:9x6:25mm") }
}
