internal import Publishing
internal import Retrieval

extension Wire.LookState {
    /// With room for everything, so that ``take(_:)`` allocates nothing.
    static var withRoom: Wire.LookState {
        var state = Wire.LookState()
        state.keyframes.reserveCapacity(PlaceEvidence.capacity)
        state.weights.reserveCapacity(PlaceEvidence.capacity)
        return state
    }

    mutating func take(_ look: PlaceEvidence.Look) {
        keyframes.removeAll(keepingCapacity: true)
        weights.removeAll(keepingCapacity: true)
        for index in 0..<look.count {
            keyframes.append(Double(look.keyframes[index]))
            weights.append(Double(look.weights[index]))
        }
        monotonicNs = look.time
    }
}

extension PlaceEvidence.Look {
    /// nil if the numbers are none that a look can have.
    init?(_ wire: Wire.LookState) {
        self.init()
        guard wire.keyframes.count == wire.weights.count, wire.keyframes.count <= PlaceEvidence.capacity else {
            return nil
        }
        for (index, value) in wire.keyframes.enumerated() {
            guard let keyframe = UInt32(exactly: value), wire.weights[index].isFinite else { return nil }
            (keyframes[index], weights[index]) = (keyframe, Float(wire.weights[index]))
        }
        (count, time) = (wire.keyframes.count, wire.monotonicNs)
    }
}
