import Container
import Geometry
import ReferenceMap

/// A place that a drive comes back to: two keyframes far from each other along the drive that share landmarks.
struct LoopClosure {
    let first: Int
    let second: Int
    /// Landmarks that both observe.
    let shared: Int
    /// Length of the drive between them, metres.
    let length: Double

    /// Between them the drive is so many times as long as the straight way.
    private static let detour = 5.0
    /// Keyframes that lie between them, at least.
    private static let least = 8

    /// Of each stretch that meets another the pair that shares most, the longest loop first.
    static func all(of map: ReferenceMap, _ keyframes: [ReportedKeyframe]) -> [LoopClosure] {
        var path = [0.0]
        for (a, b) in zip(keyframes, keyframes.dropFirst()) {
            path.append(path[path.count - 1] + (b.centre - a.centre).length)
        }
        let step = (path.last ?? 0) / Double(max(1, keyframes.count - 1))
        var found: [LoopClosure] = []
        for first in keyframes.indices {
            for edge in map.neighbours(of: first) {
                let second = Int(map.covisibleKeyframes[edge])
                guard second > first + least else { continue }
                let straight = (keyframes[second].centre - keyframes[first].centre).length
                let length = path[second] - path[first]
                guard length > detour * max(straight, step) else { continue }
                found.append(
                    LoopClosure(
                        first: first, second: second, shared: Int(map.covisibleShared[edge]), length: length))
            }
        }
        return thinned(found)
    }

    /// Without those whose both ends lie within a few keyframes of one that shares more.
    private static func thinned(_ found: [LoopClosure]) -> [LoopClosure] {
        var kept: [LoopClosure] = []
        for loop in found.sorted(by: { ($1.shared, $0.first, $0.second) < ($0.shared, $1.first, $1.second) }) {
            let isCovered = kept.contains {
                abs($0.first - loop.first) <= least && abs($0.second - loop.second) <= least
            }
            if !isCovered { kept.append(loop) }
        }
        return kept.sorted { ($1.length, $0.first) < ($0.length, $1.first) }
    }
}
