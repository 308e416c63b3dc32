package import CameraCalibration
package import Geometry
internal import GeometryFixtures
package import TestSupport

/// Views of a board by a known camera from known poses.
package struct SyntheticViews {
    /// The camera that took them.
    package var camera: Camera
    /// As it is given to a calibration: flat.
    package var board: Board
    /// True poses, one for each view.
    package var poses: [RigidTransform] = []
    /// What a calibration gets.
    package var views: [BoardView] = []

    /// What varies between scenes.
    package struct Setting {
        /// Number of views.
        package var count: Int
        /// Of the corners.
        package var errors: CornerErrors
        /// Largest angle between the board's normal and the ray, radians.
        package var tilt: Double
        /// Least such angle.
        package var leastTilt = 0.0
        /// Distance of the board's middle, metres.
        package var distance: ClosedRange<Double>
        /// Where in the image the board's middle lies, as shares of its sides.
        package var region: (x: ClosedRange<Double>, y: ClosedRange<Double>)
        /// Largest turn about the board's normal, radians.
        package var roll = Double.pi
        /// How the board is really bent.
        package var warp = BoardWarp.none
        /// Share of the corners that a view must show.
        package var leastShare = 0.5

        /// A setting with independent errors of the corners; `noise` in pixels.
        package init(
            count: Int = 20, noise: Double = 0.1, tilt: Double = 0.8, distance: ClosedRange<Double> = 0.25...0.55,
            region: (x: ClosedRange<Double>, y: ClosedRange<Double>) = (x: 0.08...0.92, y: 0.08...0.92)
        ) {
            (self.count, errors) = (count, CornerErrors(deviation: noise))
            (self.tilt, self.distance, self.region) = (tilt, distance, region)
        }
    }

    /// Draws views until there are as many as the setting wants.
    package init(_ camera: Camera, board: Board, setting: Setting = Setting(), seed: UInt64) {
        self.camera = camera
        self.board = board
        var g = SeededGenerator(seed: seed)
        while views.count < setting.count {
            let pose = Self.pose(camera, board, setting, &g)
            let view = view(of: pose, name: "view\(views.count)", setting, &g)
            guard Double(view.corners.count) >= setting.leastShare * Double(board.points.count) else { continue }
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
            let angle = g.uniform(setting.leastTilt, setting.tilt)
            let tilt = Rotation(exp: Vector3(direction.cosine, direction.sine, 0) * angle)
            let roll = Rotation(exp: Vector3(0, 0, g.uniform(-setting.roll, setting.roll)))
            let rotation = facing * tilt * roll
            let middle = board.points.reduce(Vector3.zero, +) / Double(board.points.count)
            let distance = Double.random(in: setting.distance, using: &g)
            return RigidTransform(rotation: rotation, translation: ray * distance - rotation * middle)
        }
    }

    /// The board as the camera sees it from a pose: the corners within the image, with their errors.
    package func view(
        of pose: RigidTransform, name: String, _ setting: Setting, _ g: inout SeededGenerator
    ) -> BoardView {
        var view = BoardView(name: name, width: camera.width, height: camera.height, corners: [])
        let (columns, rows) = board.lattice
        var places: [Vector2] = []
        for (id, flat) in board.points.enumerated() {
            let (column, row) = board.position(of: id)
            let u = 2 * Double(column) / Double(columns - 1) - 1
            let v = 2 * Double(row) / Double(rows - 1) - 1
            let bend = setting.warp.x * (1 - u * u) + setting.warp.y * (1 - v * v)
            guard let pixel = camera.project(pose * (flat + Vector3(0, 0, bend))), camera.contains(pixel) else {
                continue
            }
            view.corners.append(.init(id: id, pixel: pixel))
            places.append(Vector2(u, v))
        }
        for (i, error) in setting.errors.sample(at: places, &g).enumerated() { view.corners[i].pixel += error }
        return view
    }
}
