public import Features
public import Geometry

/// The covariance of a pose whose observations err together by regions of the image.
///
/// `noise² (Jᵀ J)⁻¹` takes each observation's error for independent and each landmark for exact; against truth it is
/// four to six times too small. This is the sandwich estimate clustered by cells of the image (Liang and Zeger 1986),
/// `(Jᵀ J)⁻¹ (Σ g gᵀ) (Jᵀ J)⁻¹` with g the gradient `Jᵀ r` of one cell, in its jackknife form: each cell counts by how
/// far the pose moves without it (CR3; Bell and McCaffrey 2002), so that a pose that hangs on a corner of the image
/// says so. Landmarks that are off together, a lens that bends otherwise than the camera file says, a keyframe whose
/// pose is off: each leaves residuals that agree within a cell. What moves all cells alike it cannot see; the map's
/// leave-one-out factors are for that (`SymmetricMatrix6.scaled(position:rotation:)`).
///
/// Owns its memory: one for each thread; allocates at its start only.
public struct PoseCovariance: Sendable {
    private var cells: [PoseNormalEquations] = []

    /// Takes memory for any image of usual proportions.
    public init() { cells.reserveCapacity(64) }

    /// The covariance of the camera in the map, in the axes of the map: position (metres), then rotation (radians), as
    /// `Localization` has it. Nil where the inliers do not fix a pose.
    ///
    /// Cost: one projection with its derivatives for each inlier; about .1 us each.
    ///
    /// - Parameters:
    ///   - cameraFromMap: the pose that was fitted to the inliers.
    ///   - correspondences: right and wrong.
    ///   - isInlier: which of them the pose was fitted to, by their index.
    ///   - camera: of the image that the pixels are in.
    public mutating func estimate(
        at cameraFromMap: RigidTransform, _ correspondences: [Correspondence], isInlier: [Bool], camera: Camera
    ) -> SymmetricMatrix6? {
        let grid = ImageCells(of: camera)
        cells.removeAll(keepingCapacity: true)
        cells.append(contentsOf: repeatElement(PoseNormalEquations(), count: grid.count))
        for (index, c) in correspondences.enumerated() where isInlier[index] {
            let point = cameraFromMap * c.point
            guard camera.project(point) != nil else { continue }
            cells[grid.index(of: c.pixel)].add(point, by: camera, seenAt: c.pixel, loss: .squared)
        }
        return sandwich().map { $0.rotated(by: cameraFromMap.rotation.inverse) }
    }

    /// Of the left tangent of `cameraFromMap`.
    private func sandwich() -> SymmetricMatrix6? {
        var total = SymmetricMatrix6.zero
        for cell in cells where cell.cost > 0 { total = total + cell.matrix }
        guard let factor = Factor6(total) else { return nil }
        var sum = SymmetricMatrix6.zero
        var occupied = 0.0
        for cell in cells where cell.cost > 0 {
            occupied += 1
            let rest = Factor6(total - cell.matrix)
            sum.addOuter(rest?.solve(cell.gradient) ?? factor.solve(cell.gradient) * ImageCells.lever)
        }
        return occupied > 1 ? sum * ((occupied - 1) / occupied) : nil
    }
}

extension SymmetricMatrix6 {
    /// The covariance of a pose with the variances of its position and of its rotation multiplied, its correlations
    /// kept: by the factors that leave-one-out found for a map.
    public func scaled(position: Double, rotation: Double) -> SymmetricMatrix6 {
        SymmetricMatrix6(
            translation: translation * position, cross: cross * (position * rotation).squareRoot(),
            rotation: self.rotation * rotation)
    }

    /// Adds `v vᵀ`.
    public mutating func addOuter(_ v: Twist) {
        translation.addOuter(v.translation, v.translation)
        cross.addOuter(v.translation, v.rotation)
        rotation.addOuter(v.rotation, v.rotation)
    }
}
