internal import Features
internal import Parallelism

/// Turns the descriptor map's integers into unit descriptors at keypoints (Model.md, "Float parts").
///
/// Only the cells that keypoints touch have a row in the map; `slots` says which. The scale of the integers cancels.
@safe struct DescriptorSampler {
    let columns: Int
    let rows: Int
    /// Values of a descriptor, a multiple of 8.
    let dimension: Int
    let scale: Float
    /// Per cell the row of the map, or -1.
    let slots: UnsafeMutablePointer<Int32>
    /// Per row of the map its cell.
    let cells: UnsafeMutablePointer<Int32>
    let map: UnsafeMutablePointer<Int16>
    /// Per row the factor that makes it a unit vector.
    let factors: UnsafeMutablePointer<Float>

    /// The four cells around a point and their weights.
    private struct Corners {
        var cell = SIMD4<Int32>()
        var weight = SIMD4<Float>()
    }

    private func corners(_ keypoint: Keypoint) -> Corners {
        let u = min(max((keypoint.x + 0.5) / Float(HFNet.cell) - 0.5, 0), Float(columns - 1))
        let v = min(max((keypoint.y + 0.5) / Float(HFNet.cell) - 0.5, 0), Float(rows - 1))
        let (u0, v0) = (Int32(u), Int32(v))
        let (u1, v1) = (min(u0 + 1, Int32(columns - 1)), min(v0 + 1, Int32(rows - 1)))
        let (fu, fv) = (u - Float(u0), v - Float(v0))
        let width = Int32(columns)
        return Corners(
            cell: SIMD4(v0 * width + u0, v0 * width + u1, v1 * width + u0, v1 * width + u1),
            weight: SIMD4((1 - fv) * (1 - fu), (1 - fv) * fu, fv * (1 - fu), fv * fu))
    }

    /// Lists the cells that the keypoints touch, each once, in ascending order; returns their number. A map of many
    /// rows is then read in the order of the map.
    func listCells(_ keypoints: [Keypoint]) -> Int {
        let count = columns * rows
        unsafe slots.update(repeating: -1, count: count)
        for keypoint in keypoints {
            let cell = corners(keypoint).cell
            for corner in 0..<4 { unsafe slots[Int(cell[corner])] = 0 }
        }
        var listed = 0
        for cell in 0..<count where unsafe slots[cell] == 0 {
            unsafe slots[cell] = Int32(listed)
            unsafe cells[listed] = Int32(cell)
            listed += 1
        }
        return listed
    }

    /// The normalizing factors of rows of the map.
    func normalize(_ slots: Range<Int>) {
        for slot in slots {
            let row = unsafe map + slot * dimension
            var lanes = SIMD8<Float>.zero
            for index in stride(from: 0, to: dimension, by: 8) {
                let value = unsafe Self.floats(row + index) * scale
                lanes += value * value
            }
            unsafe factors[slot] = FloatRow.unitFactor(squaredNorm: FloatRow.total(lanes)) * scale
        }
    }

    /// The descriptors of the keypoints, `dimension` values each, 256 times a unit vector.
    func sample(_ keypoints: [Keypoint], into descriptors: inout [Int8], on team: WorkerTeam) {
        descriptors.removeAll(keepingCapacity: true)
        descriptors.append(contentsOf: repeatElement(0, count: keypoints.count * dimension))
        unsafe descriptors.withUnsafeMutableBufferPointer { out in
            guard let start = out.baseAddress else { return }
            let groups = unsafe Groups(sampler: self, keypoints: keypoints, descriptors: start)
            team.run((keypoints.count + Groups.size - 1) / Groups.size, groups)
        }
    }

    /// Keypoints that one worker describes.
    @safe private struct Groups: TeamTask {
        static let size = 64

        let sampler: DescriptorSampler
        let keypoints: [Keypoint]
        let descriptors: UnsafeMutablePointer<Int8>

        func run(item: Int, worker: Int) {
            let first = item * Self.size
            unsafe withUnsafeTemporaryAllocation(of: Float.self, capacity: sampler.dimension) { scratch in
                guard let values = scratch.baseAddress else { return }
                for index in first..<min(first + Self.size, keypoints.count) {
                    unsafe sampler.sample(
                        keypoints[index], scratch: values, into: descriptors + index * sampler.dimension)
                }
            }
        }
    }

    private func sample(
        _ keypoint: Keypoint, scratch: UnsafeMutablePointer<Float>, into out: UnsafeMutablePointer<Int8>
    ) {
        let corners = corners(keypoint)
        let slot = unsafe (
            Int(slots[Int(corners.cell[0])]), Int(slots[Int(corners.cell[1])]), Int(slots[Int(corners.cell[2])]),
            Int(slots[Int(corners.cell[3])])
        )
        let row = unsafe (
            map + slot.0 * dimension, map + slot.1 * dimension, map + slot.2 * dimension, map + slot.3 * dimension
        )
        let weight = unsafe (
            corners.weight[0] * factors[slot.0], corners.weight[1] * factors[slot.1],
            corners.weight[2] * factors[slot.2], corners.weight[3] * factors[slot.3]
        )
        var lanes = SIMD8<Float>.zero
        for index in stride(from: 0, to: dimension, by: 8) {
            let top = unsafe Self.floats(row.0 + index) * weight.0 + Self.floats(row.1 + index) * weight.1
            let bottom = unsafe Self.floats(row.2 + index) * weight.2 + Self.floats(row.3 + index) * weight.3
            let value = top + bottom
            lanes += value * value
            unsafe FloatRow.store(value, to: scratch + index)
        }
        let factor = 256 * FloatRow.unitFactor(squaredNorm: FloatRow.total(lanes))
        for index in 0..<dimension { unsafe out[index] = FloatRow.int8(scratch[index] * factor) }
    }

    @inline(__always) private static func floats(_ row: UnsafePointer<Int16>) -> SIMD8<Float> {
        let q = unsafe UnsafeRawPointer(row).loadUnaligned(as: SIMD8<Int16>.self)
        let wide = SIMD8<Int32>(truncatingIfNeeded: q) &+ SIMD8(repeating: 0x4B40_0000)
        return unsafe unsafeBitCast(wide, to: SIMD8<Float>.self) - SIMD8(repeating: 12_582_912)
    }
}
