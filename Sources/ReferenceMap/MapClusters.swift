internal import Container
internal import Features

/// How a map's clusters stand in its file (Formats.md): three tensors, all or none.
enum MapClusters {
    private typealias Name = MapFormat.Tensor

    /// Of a map of the version that has them; nil of an older one.
    static func read(_ file: TensorFile, descriptorDimension: Int) throws(ContainerError) -> VladClusters? {
        guard file.version == MapFormat.clusteredVersion else { return nil }
        let cells: TensorView<Float> = try file.tensor(Name.cellCentres, shape: [nil, nil])
        let keypoints: TensorView<Float> = try file.tensor(
            Name.keypointCentres, shape: [cells.shape[0], descriptorDimension])
        let numbers: TensorView<Float> = try file.tensor(Name.memberships, shape: [2, 2])
        let clusters = VladClusters(
            cells: half(cells, numbers[0], numbers[1]), keypoints: half(keypoints, numbers[2], numbers[3]))
        guard clusters.cells.isValid else { throw damaged(Name.cellCentres, file) }
        guard clusters.isValid else { throw damaged(Name.keypointCentres, file) }
        return clusters
    }

    private static func half(_ centres: TensorView<Float>, _ sharpness: Float, _ logit: Float) -> VladClusters.Half {
        VladClusters.Half(
            channels: centres.shape[1], centres: Array(centres), sharpness: sharpness, largestLogit: logit)
    }

    private static func damaged(_ name: String, _ file: TensorFile) -> ContainerError {
        ContainerError(
            .corrupt, file: file.path, field: "tensor '\(name)'",
            reason: "holds no clusters, or '\(Name.memberships)' is not theirs",
            cure: "the file is damaged: fetch or build it again")
    }

    static func add(_ clusters: VladClusters, to writer: inout TensorFileWriter) {
        let (cells, keypoints) = (clusters.cells, clusters.keypoints)
        writer.add(Name.cellCentres, cells.centres, shape: [clusters.count, cells.channels])
        writer.add(Name.keypointCentres, keypoints.centres, shape: [clusters.count, keypoints.channels])
        writer.add(
            Name.memberships, [cells.sharpness, cells.largestLogit, keypoints.sharpness, keypoints.largestLogit],
            shape: [2, 2])
    }
}
