internal import Foundation
internal import ReferenceMap
internal import Messages

/// Opens the map that poses are of, on a thread that has time, whenever that is another one.
final class MapKeeper {
    /// A file to be used instead of the one that hflocd names.
    private let path: String?
    private let board: Board
    private let queue = DispatchQueue(label: "map")
    private var wanted = ""

    init(_ path: String?, board: Board) {
        (self.path, self.board) = (path, board)
    }

    /// The map in use, as hflocd names it.
    func use(_ map: Hfloc_V1_FileIdentity) {
        guard map.id != wanted, !map.id.isEmpty else { return }
        wanted = map.id
        let (path, identity, board) = (path ?? map.path, map.id, board)
        queue.async { Self.open(path, identity, board) }
    }

    private static func open(_ path: String, _ identity: String, _ board: Board) {
        do {
            let map = try LandmarkMap(opening: path)
            guard map.map.identity == identity else {
                board.take(nil, problem: "\(path) is another map than the one in use; give that with --map")
                return
            }
            board.take(map, problem: "")
        } catch {
            board.take(nil, problem: "the map cannot be drawn: \(error); give it with --map")
        }
    }
}
