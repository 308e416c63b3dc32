internal import CKernels

/// One zeroed allocation, aligned for the kernels, freed with this object.
@safe final class AlignedMemory {
    let base: UnsafeMutableRawPointer
    let count: Int

    init(count: Int) {
        self.count = count
        unsafe base = UnsafeMutableRawPointer.allocate(byteCount: max(count, 1), alignment: Int(HF_ALIGNMENT))
        unsafe base.initializeMemory(as: UInt8.self, repeating: 0, count: count)
    }

    /// `count` elements `offset` bytes from the start.
    func pointer<Element: BitwiseCopyable>(_ offset: Int, count: Int, of type: Element.Type) -> UnsafeMutablePointer<
        Element
    > {
        precondition(
            offset >= 0 && offset + count * MemoryLayout<Element>.stride <= self.count, "outside the allocation")
        precondition(offset % MemoryLayout<Element>.alignment == 0, "misaligned")
        return unsafe (base + offset).bindMemory(to: Element.self, capacity: count)
    }

    deinit { unsafe base.deallocate() }
}

/// `value` rounded up to a multiple of the kernels' alignment.
func aligned(_ value: Int) -> Int {
    let alignment = Int(HF_ALIGNMENT)
    return (value + alignment - 1) / alignment * alignment
}
