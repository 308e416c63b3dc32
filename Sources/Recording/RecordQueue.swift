internal import Glibc
internal import Synchronization

/// Messages on their way from one thread to one other, in memory that is taken at once: the first never waits for the
/// second, takes no lock and no memory. Where there is no room, it is told so.
///
/// Sendable unchecked: the writing thread alone calls ``append(_:_:_:keepingFree:)``, the reading one alone
/// ``take(_:)``; all that they share are the two positions.
@safe final class RecordQueue: @unchecked Sendable {
    /// What stands before an entry's bytes.
    struct Head: BitwiseCopyable {
        var size: UInt32 = 0
        /// ``RecordingTopic``'s number, or one of those below.
        var kind: UInt8 = 0
        /// CLOCK_MONOTONIC, nanoseconds: of the entry, and of what it tells of.
        var time: UInt64 = 0
        var stamp: UInt64 = 0
        /// Of pixels.
        var width: UInt16 = 0
        var height: UInt16 = 0
    }

    private let base: UnsafeMutableRawPointer
    private let capacity: Int
    /// Bytes written and read since the start. Each belongs to one thread.
    private let written = Atomic(0)
    private let read = Atomic(0)

    private static let headSize = MemoryLayout<Head>.stride
    /// Of an entry that is none: the next begins at the memory's begin.
    private static let padding: UInt8 = .max

    /// - Parameter capacity: bytes, which are in memory from the start.
    init(capacity: Int) {
        self.capacity = Self.aligned(max(capacity, 4096))
        unsafe base = UnsafeMutableRawPointer.allocate(byteCount: self.capacity, alignment: 64)
        // Touched now, and not on a frame's way.
        unsafe base.initializeMemory(as: UInt8.self, repeating: 0, count: self.capacity)
    }

    deinit { unsafe base.deallocate() }

    /// Whether so many bytes would fit, wherever the end of the memory is. For the writing thread.
    func hasRoom(for bytes: Int) -> Bool {
        2 * bytes <= capacity - (written.load(ordering: .relaxed) - read.load(ordering: .acquiring))
            || written.load(ordering: .relaxed) == read.load(ordering: .acquiring)
    }

    /// Appends an entry whose bytes come in two parts; false if there is no room.
    ///
    /// - Parameters:
    ///   - head: what it is; its size is set here.
    ///   - first: its bytes.
    ///   - second: those that follow them.
    ///   - free: bytes that must stay free behind it.
    func append(
        _ head: Head, _ first: UnsafeRawBufferPointer, _ second: UnsafeRawBufferPointer, keepingFree free: Int
    ) -> Bool {
        let start = written.load(ordering: .relaxed)
        let size = first.count + second.count
        let length = Self.aligned(Self.headSize + size)
        var offset = start % capacity
        // An entry lies in one piece.
        let skipped = offset + length > capacity ? capacity - offset : 0
        guard skipped + length + free <= capacity - (start - read.load(ordering: .acquiring)) else { return false }
        if skipped > 0 {
            if skipped >= Self.headSize {
                unsafe base.storeBytes(of: Head(kind: Self.padding), toByteOffset: offset, as: Head.self)
            }
            offset = 0
        }
        var head = head
        head.size = UInt32(size)
        unsafe base.storeBytes(of: head, toByteOffset: offset, as: Head.self)
        let content = unsafe base + offset + Self.headSize
        if let source = first.baseAddress { unsafe content.copyMemory(from: source, byteCount: first.count) }
        if let source = second.baseAddress {
            unsafe (content + first.count).copyMemory(from: source, byteCount: second.count)
        }
        written.store(start + skipped + length, ordering: .releasing)
        return true
    }

    /// Hands the oldest entry to `body`, and lets go of it; false if there is none.
    func take(_ body: (Head, UnsafeRawBufferPointer) -> Void) -> Bool {
        var start = read.load(ordering: .relaxed)
        guard start < written.load(ordering: .acquiring) else { return false }
        var offset = start % capacity
        let rest = capacity - offset
        let isPadded =
            unsafe rest < Self.headSize || base.load(fromByteOffset: offset, as: Head.self).kind == Self.padding
        if isPadded {
            (start, offset) = (start + rest, 0)
        }
        let head = unsafe base.load(fromByteOffset: offset, as: Head.self)
        let content = unsafe UnsafeRawBufferPointer(start: base + offset + Self.headSize, count: Int(head.size))
        unsafe body(head, content)
        read.store(start + Self.aligned(Self.headSize + Int(head.size)), ordering: .releasing)
        return true
    }

    private static func aligned(_ size: Int) -> Int { (size + 7) & ~7 }
}
