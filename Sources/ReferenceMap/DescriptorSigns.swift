internal import Features

/// What a map with clusters of its own keeps of a keyframe's global descriptor: a bit for each component, set where it
/// is above zero, the first in the lowest bit of the first byte.
///
/// Retrieval compares them with a query that keeps all of its bits. With the scale here, one over the sum of the
/// components' absolute values, a descriptor has the similarity 1 to itself, and the product is without bias where
/// nothing ties the signs to the query (Gao and Long, RaBitQ, SIGMOD 2024).
struct DescriptorSigns {
    let bits: [UInt8]
    let scale: Float

    /// - Parameter descriptor: with a multiple of 8 components.
    init(of descriptor: GlobalDescriptor) {
        var bits = [UInt8](repeating: 0, count: descriptor.values.count / 8)
        var total = 0
        for (index, value) in descriptor.values.enumerated() {
            if value > 0 { bits[index / 8] |= 1 << UInt8(index % 8) }
            total += abs(Int(value))
        }
        self.bits = bits
        scale = 1 / max(Float(total) * descriptor.scale, 1e-6)
    }
}
