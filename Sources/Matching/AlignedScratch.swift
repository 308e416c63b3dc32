internal import CKernels

/// Scratch memory for a kernel: aligned, grows when asked to, contents unspecified.
@safe
final class AlignedScratch {
    private(set) var pointer: UnsafeMutableRawPointer
    private var capacity: Int

    init(capacity: Int) {
        self.capacity = max(capacity, 1)
        unsafe pointer = .allocate(byteCount: self.capacity, alignment: Int(HF_ALIGNMENT))
    }

    deinit { unsafe pointer.deallocate() }

    /// Allocates only if more is asked for than ever before.
    func reserve(_ bytes: Int) {
        guard bytes > capacity else { return }
        unsafe pointer.deallocate()
        capacity = bytes
        unsafe pointer = .allocate(byteCount: bytes, alignment: Int(HF_ALIGNMENT))
    }
}
