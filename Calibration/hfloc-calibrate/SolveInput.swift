internal import CameraCalibration
internal import Capture
internal import Errors
internal import Files

/// The views of a calibration, from images or from a table.
struct SolveInput {
    var views: [BoardView]
    var imageCount: Int
    /// Why images show no board.
    var absences: [(reason: String, names: [String])] = []

    init(images: [String], corners: String?, size: String?, board: Board) throws {
        if let corners, let size {
            let (width, height) = try ImageSize.parse(size)
            let text = try WholeFile.text(corners, atMost: 1 << 30, acceptsStreams: true)
            do {
                views = try CornerTable.views(text, board: board, width: width, height: height)
            } catch {
                throw Failure(.badData, "\(corners): \(error.description)")
            }
            imageCount = views.count
            return
        }
        let found = try BoardImages(images, board: board, showsProgress: StandardError.isTerminal)
        views = found.views
        imageCount = found.images.count
        absences = found.absences
    }
}
