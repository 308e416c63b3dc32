internal import CKernels

/// One zeroed allocation, aligned as the kernels want it (HF_ALIGNMENT), freed with this object.
@safe package final class AlignedMemory {
    package let base: UnsafeMutableRawPointer
    /// Bytes.
    package let count: Int

    /// - Parameter count: bytes.
    package init(count: Int) {
        self.count = count
        unsafe base = UnsafeMutableRawPointer.allocate(byteCount: max(count, 1), alignment: Int(HF_ALIGNMENT))
        unsafe base.initializeMemory(as: UInt8.self, repeating: 0, count: count)
    }

    deinit { unsafe base.deallocate() }

    /// `count` elements, `offset` bytes from the start.
    package func pointer<Element: BitwiseCopyable>(
        _ offset: Int, count: Int, of type: Element.Type
    ) -> UnsafeMutablePointer<Element> {
        precondition(
            offset >= 0 && offset + count * MemoryLayout<Element>.stride <= self.count, "outside the allocation")
        precondition(offset % MemoryLayout<Element>.alignment == 0, "misaligned")
        return unsafe (base + offset).bindMemory(to: Element.self, capacity: count)
    }

    /// `bytes` rounded up to a multiple of the alignment.
    package static func aligned(_ bytes: Int) -> Int {
        let alignment = Int(HF_ALIGNMENT)
        return (bytes + alignment - 1) / alignment * alignment
    }
}
