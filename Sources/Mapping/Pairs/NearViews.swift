package import Geometry

/// Of views of known pose, those that are nearest and look the same way: a k-d tree over positions (Bentley 1975).
package struct NearViews: Sendable {
    private let centres: [Vector3]
    /// Where each looks, unit vectors.
    private let axes: [Vector3]
    private let leastCosine: Double
    /// Views in the order of the tree: the middle of a range parts it, across the axis along which it is longest.
    private var order: [Int]
    /// Per place in the order, the axis that it parts.
    private var split: [Int]

    /// Cost: n log² n of n views.
    package init(_ cameraFromMap: [RigidTransform], largestAngle: Double) {
        centres = cameraFromMap.map(\.originInSource)
        axes = cameraFromMap.map { $0.rotation.inverse * Vector3(0, 0, 1) }
        leastCosine = largestAngle < .pi ? sineAndCosine(largestAngle).cosine : -2
        order = Array(centres.indices)
        split = [Int](repeating: 0, count: centres.count)
        part(0..<order.count)
    }

    private mutating func part(_ range: Range<Int>) {
        guard range.count > 1 else { return }
        let spreads = (0..<3).map { axis in
            let values = order[range].map { centres[$0][axis] }
            return (values.max() ?? 0) - (values.min() ?? 0)
        }
        let axis = (0..<3).max { spreads[$0] < spreads[$1] } ?? 0
        order[range].sort { (centres[$0][axis], $0) < (centres[$1][axis], $1) }
        let middle = range.lowerBound + range.count / 2
        split[middle] = axis
        part(range.lowerBound..<middle)
        part(middle + 1..<range.upperBound)
    }

    /// The nearest `count` of the others that look within the largest angle of where `view` looks, nearest first; of
    /// views at the same distance, any.
    package func neighbours(of view: Int, _ count: Int) -> [Int] {
        var best: [(square: Double, view: Int)] = []
        search(0..<order.count, view, count, &best)
        return best.map(\.view)
    }

    private func search(_ range: Range<Int>, _ view: Int, _ count: Int, _ best: inout [(square: Double, view: Int)]) {
        guard !range.isEmpty, count > 0 else { return }
        let middle = range.lowerBound + range.count / 2
        let other = order[middle]
        consider(other, view, count, &best)
        let offset = centres[view][split[middle]] - centres[other][split[middle]]
        let sides = [range.lowerBound..<middle, middle + 1..<range.upperBound]
        search(offset < 0 ? sides[0] : sides[1], view, count, &best)
        if best.count < count || offset * offset < best[count - 1].square {
            search(offset < 0 ? sides[1] : sides[0], view, count, &best)
        }
    }

    private func consider(_ other: Int, _ view: Int, _ count: Int, _ best: inout [(square: Double, view: Int)]) {
        guard other != view, axes[other].dot(axes[view]) > leastCosine else { return }
        let square = (centres[other] - centres[view]).lengthSquared
        if best.count == count {
            guard square < best[count - 1].square else { return }
            best.removeLast()
        }
        let place = best.firstIndex { $0.square > square } ?? best.count
        best.insert((square, other), at: place)
    }
}
