import CalibrationFixtures
import CameraCalibration
import Geometry
import TestSupport
import Testing

/// The error on views left out, against fits that are really made without them.
@Suite struct HeldOutTests {
    /// Root of the mean squared residual over views that a calibration has not seen, each with its best pose.
    static func error(_ calibration: Calibration, _ views: [BoardView], from poses: [RigidTransform]) -> Double {
        let points = calibration.board.points
        var (sum, count) = (0.0, 0)
        for (view, pose) in zip(views, poses) {
            let solution = PoseMinimizer().minimize(from: pose) { pose, equations in
                for corner in view.corners {
                    equations.add(
                        pose * points[corner.id], by: calibration.camera, seenAt: corner.pixel, loss: .squared)
                }
            }
            sum += solution.equations.cost
            count += view.corners.count
        }
        return (sum / Double(count)).squareRoot()
    }

    @Test("it is what five fits without a fifth of the views each find", arguments: [7, 25], [UInt64(90), 91, 92])
    func equalsRefits(count: Int, seed: UInt64) throws {
        let (camera, board) = (try TestCameras.camera(.radtan4), try TestCameras.board())
        let scene = SyntheticViews(camera, board: board, setting: .init(count: count, noise: 0.2), seed: seed)
        var options = CalibrationOptions()
        (options.rejectsOutliers, options.warp) = (false, .flat)
        let whole = try Calibrator(board: board, options: options).calibrate(scene.views)
        (options.acceptsWeakData, options.crossValidates) = (true, false)
        for said in whole.heldOutErrors {
            options.model = said.model
            var sum = 0.0
            for fold in 0..<5 {
                let kept = scene.views.indices.filter { $0 % 5 != fold }.map { scene.views[$0] }
                let left = scene.views.indices.filter { $0 % 5 == fold }
                let part = try Calibrator(board: board, options: options).calibrate(kept)
                let error = Self.error(
                    part, left.map { scene.views[$0] }, from: left.map { whole.views[$0].cameraFromBoard })
                sum += error * error * Double(left.reduce(0) { $0 + scene.views[$1].corners.count })
            }
            let corners = scene.views.reduce(0) { $0 + $1.corners.count }
            let error = (sum / Double(corners)).squareRoot()
            // The figure decides between models that differ by more than 2 % of its square.
            #expect(abs(said.pixels - error) < 0.005 * error, "\(said.model): \(said.pixels), refitted \(error)")
        }
    }

    @Test("the rational model is tried where it may gain, and only there")
    func rationalModel() throws {
        let board = try TestCameras.board()
        let plain = SyntheticViews(try TestCameras.camera(.radtan4), board: board, setting: .init(count: 15), seed: 93)
        let wide = SyntheticViews(try TestCameras.camera(.radtan8), board: board, setting: .init(count: 15), seed: 94)
        let calibrator = Calibrator(board: board)
        #expect(!(try calibrator.calibrate(plain.views).heldOutErrors).contains { $0.model == .radtan8 })
        #expect(try calibrator.calibrate(wide.views).heldOutErrors.contains { $0.model == .radtan8 })
    }
}
