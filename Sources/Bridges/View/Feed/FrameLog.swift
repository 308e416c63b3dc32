/// The last frames, numbered from 0 as they come: a ring of fixed size, so that a page which was away gets what it
/// missed and memory does not grow.
public struct FrameLog: Sendable {
    /// Frames that are kept: two minutes at 30 a second.
    public static let capacity = 3600

    private var rows: [FrameRow] = []
    /// The number of the next.
    public private(set) var next = 0

    public init() {
        rows.reserveCapacity(Self.capacity)
    }

    /// The newest; nil before the first.
    public var last: FrameRow? { next > 0 ? self[next - 1] : nil }

    /// Those that are there from this number on.
    public func rows(from number: Int) -> [FrameRow] {
        guard number < next else { return [] }
        return (max(number, next - rows.count, 0)..<next).map { self[$0] }
    }

    /// The one that answers this frame, if it is still there.
    func row(ofSequence sequence: UInt64) -> FrameRow? {
        rows(from: next - 64).last { $0.sequence == sequence }
    }

    public mutating func append(_ row: FrameRow) {
        if rows.count < Self.capacity { rows.append(row) } else { rows[next % Self.capacity] = row }
        next += 1
    }

    private subscript(number: Int) -> FrameRow { rows[number % Self.capacity] }
}
