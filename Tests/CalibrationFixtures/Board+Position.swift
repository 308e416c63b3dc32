package import CameraCalibration

extension Board {
    /// Column and row of corner `id` on the ``lattice``.
    package func position(of id: Int) -> (column: Int, row: Int) {
        guard case .aprilGrid(let columns, let rows, _, _) = kind else {
            return (id % lattice.columns, id / lattice.columns)
        }
        let (tag, corner) = (id / 4, id % 4)
        let top = rows - 1 - tag / columns
        return (2 * (tag % columns) + (corner == 1 || corner == 2 ? 1 : 0), 2 * top + (corner >= 2 ? 1 : 0))
    }
}
