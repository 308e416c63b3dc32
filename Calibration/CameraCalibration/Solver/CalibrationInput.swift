internal import Errors

/// The views that a calibration is made of, from images or from a table.
package struct CalibrationInput: Sendable {
    package let views: [BoardView]
    /// Images that were looked at, with and without a board, and those that cannot be used.
    package let imageCount: Int
    /// Why images show no board.
    package let absences: [BoardImages.Absence]
    /// Those that cannot be used at all.
    package let unusable: [BoardImages.UnusableImage]
    /// Where the lens lights the image, if that is a circle and images were looked at.
    package let circle: ImageCircle?

    /// The boards in images.
    package init(_ images: BoardImages) {
        views = images.views
        imageCount = images.count
        absences = images.absences
        unusable = images.unusable
        circle = images.circle
    }

    /// Corners that another program has found.
    ///
    /// - Parameters:
    ///   - table: as ``CornerTable`` reads it.
    ///   - path: where it comes from, for messages.
    ///   - board: what the corners lie on.
    ///   - size: of the images, pixels.
    /// - Throws: `Failure` with the line.
    package init(
        table: String, path: String, board: Board, size: (width: Int, height: Int)
    ) throws {
        do throws(CornerTable.Failure) {
            views = try CornerTable.views(table, board: board, width: size.width, height: size.height)
        } catch {
            throw Failure(.badData, "\(path): \(error.description)")
        }
        imageCount = views.count
        absences = []
        unusable = []
        circle = nil
    }
}
