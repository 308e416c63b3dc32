package import Container
internal import Geometry

extension BoardDetection {
    /// How many of the board's corners were found, or why none.
    package func text(of board: Board) -> String {
        switch self {
        case .found(let view): "\(view.corners.count) of \(board.points.count) corners"
        case .absent(let why): "\(why)"
        }
    }

    /// Corners with their pixel, or why there are none.
    ///
    /// - Parameters:
    ///   - name: of the image.
    ///   - milliseconds: that the search took.
    package func json(_ name: String, milliseconds: Double) -> JSON {
        var members = [JSON.Member("name", .string(name)), JSON.Member("milliseconds", .number("\(milliseconds)"))]
        switch self {
        case .absent(let why): members.append(JSON.Member("absent", .string("\(why)")))
        case .found(let view):
            members.append(JSON.Member("width", .int(view.width)))
            members.append(JSON.Member("height", .int(view.height)))
            let corners = view.corners.map { corner in
                JSON.object([
                    JSON.Member("id", .int(corner.id)), JSON.Member("x", .number("\(corner.pixel.x)")),
                    JSON.Member("y", .number("\(corner.pixel.y)")),
                ])
            }
            members.append(JSON.Member("corners", .array(corners)))
        }
        return .object(members)
    }
}
