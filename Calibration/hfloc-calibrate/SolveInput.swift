internal import CameraCalibration
internal import Capture

/// The views of a calibration, from images or from a table.
struct SolveInput {
    var views: [BoardView]
    var imageCount: Int
    /// Why images show no board.
    var absences: [(reason: String, names: [String])] = []

    init(images: [String], corners: String?, size: String?, board: Board) throws {
        if let corners, let size {
            let (width, height) = try Self.size(size)
            let text = try InputFile.text(corners)
            do {
                views = try CornerTable.views(text, board: board, width: width, height: height)
            } catch {
                throw CommandFailure(.badData, "\(corners): \(error.description)")
            }
            imageCount = views.count
            return
        }
        let found = try BoardImages(images, board: board, showsProgress: StandardError.isTerminal)
        views = found.views
        imageCount = found.looks.count
        absences = found.absences
    }

    private static func size(_ text: String) throws(CommandFailure) -> (width: Int, height: Int) {
        let numbers = text.lowercased().split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
        guard numbers.count == 2, let width = numbers[0], let height = numbers[1],
            (1...65535).contains(width), (1...65535).contains(height)
        else { throw CommandFailure(.usage, "--size '\(text)' is not WIDTHxHEIGHT in pixels; write it as 640x480") }
        return (width, height)
    }
}
