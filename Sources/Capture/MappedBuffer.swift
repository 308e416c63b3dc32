internal import Glibc

/// A driver's buffer in our memory.
@safe final class MappedBuffer {
    let count: Int
    private let base: UnsafeMutableRawPointer

    /// nil, with errno set, if the kernel refuses.
    init?(_ descriptor: Int32, _ count: Int, _ offset: Int) {
        let base = unsafe mmap(nil, count, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, offset)
        guard let base = unsafe base, unsafe base != MAP_FAILED else { return nil }
        unsafe self.base = base
        self.count = count
    }

    deinit {
        unsafe munmap(base, count)
    }

    /// A part of it, valid as long as this object.
    @unsafe func bytes(_ range: Range<Int>) -> UnsafeRawBufferPointer {
        precondition(range.lowerBound >= 0 && range.upperBound <= count)
        return unsafe UnsafeRawBufferPointer(start: base + range.lowerBound, count: range.count)
    }
}
