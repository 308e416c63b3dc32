public import Files

/// A tensor of a container file, read in place: no copy, and the file stays mapped while a view lives.
///
/// Elements are numbered row-major. Every access is bounds-checked; loops that cannot afford it take the whole buffer
/// once.
@safe public struct TensorView<Element: TensorElement>: Sendable, RandomAccessCollection {
    /// Sizes per dimension, slowest first; empty for a scalar.
    public let shape: [Int]
    /// Number of elements: the product of the shape.
    public let count: Int
    @usableFromInline let mapping: FileMapping
    @usableFromInline nonisolated(unsafe) let base: UnsafePointer<Element>

    init(mapping: FileMapping, bytes: UnsafeRawBufferPointer, shape: [Int]) {
        let stride = MemoryLayout<Element>.stride
        precondition(bytes.count % stride == 0, "a tensor is whole elements")
        precondition(UInt(bitPattern: bytes.baseAddress) % UInt(stride) == 0, "a tensor is aligned")
        guard let start = bytes.baseAddress else { preconditionFailure("a tensor has an address") }
        self.mapping = mapping
        self.shape = shape
        count = bytes.count / stride
        unsafe base = start.assumingMemoryBound(to: Element.self)
    }

    @inlinable public var startIndex: Int { 0 }
    @inlinable public var endIndex: Int { count }

    /// The element at a row-major index; one out of range ends the program.
    @inlinable public subscript(index: Int) -> Element {
        precondition(index >= 0 && index < count, "tensor index out of range")
        return unsafe base[index]
    }

    /// The elements, for the duration of `body`.
    @inlinable public func withSpan<Result: ~Copyable, Failure: Error>(
        _ body: (Span<Element>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try withExtendedLifetime(mapping) { () throws(Failure) -> Result in
            try unsafe body(Span(_unsafeStart: base, count: count))
        }
    }

    /// The elements' memory, for the duration of `body`.
    @inlinable public func withUnsafeBufferPointer<Result: ~Copyable, Failure: Error>(
        _ body: (UnsafeBufferPointer<Element>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try withExtendedLifetime(mapping) { () throws(Failure) -> Result in
            try unsafe body(UnsafeBufferPointer(start: base, count: count))
        }
    }

    /// As ``withUnsafeBufferPointer(_:)``: the storage always is contiguous, so that algorithms of the library take it.
    @inlinable public func withContiguousStorageIfAvailable<Result>(
        _ body: (UnsafeBufferPointer<Element>) throws -> Result
    ) rethrows -> Result? {
        try withExtendedLifetime(mapping) {
            try unsafe body(UnsafeBufferPointer(start: base, count: count))
        }
    }
}
