internal import CKernels
internal import Kernels

/// The arena of a plan, and everything in it that the network's steps touch, by name.
@safe final class FrameMemory {
    let plan: Plan
    private let memory: AlignedMemory
    /// Constants that steps read: nine tap offsets of a 3x3 window over layer 7, and one zero.
    private let offsets: AlignedMemory

    init(_ plan: Plan) {
        self.plan = plan
        memory = AlignedMemory(count: plan.layout.size)
        offsets = AlignedMemory(count: 10 * MemoryLayout<Int>.stride)
        let shape = localFeatures.shape
        for tap in 0..<9 {
            unsafe windowOffsets[tap] = (tap / 3 - 1) * shape.rowStride + (tap % 3 - 1) * shape.channels
        }
    }

    func activationMap(_ buffer: Int, _ shape: ActivationMapShape) -> ActivationMap {
        let place = plan.layout.buffers[buffer]
        precondition(shape.bytes <= place.bytes, "an activation map larger than its buffer: \(place.name)")
        return unsafe ActivationMap(pixels: values(buffer, of: UInt8.self) + shape.interior, shape: shape)
    }

    func values<Element: BitwiseCopyable>(_ buffer: Int, of type: Element.Type) -> UnsafeMutablePointer<Element> {
        let place = plan.layout.buffers[buffer]
        return unsafe memory.pointer(place.offset, count: place.bytes / MemoryLayout<Element>.stride, of: type)
    }

    var image: ActivationMap { activationMap(plan.image, plan.imageShape) }

    /// Layer 7, bordered: what the local heads and the global branch read.
    var localFeatures: ActivationMap {
        activationMap(plan.localFeatures, plan.blocks[HFNet.trunk.count - 1].outputShape)
    }

    var windowOffsets: UnsafeMutablePointer<Int> { unsafe offsets.pointer(0, count: 9, of: Int.self) }
    var noOffset: UnsafePointer<Int> {
        unsafe UnsafePointer(offsets.pointer(9 * MemoryLayout<Int>.stride, count: 1, of: Int.self))
    }
}
