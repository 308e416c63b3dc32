/// Finds the frames of known messages in a stream of bytes. Everything else is stepped over byte by byte: messages that
/// are not known, MAVLink 1, damage.
///
/// A signature is stepped over and not checked.
public struct FrameParser: Sendable {
    private var waiting: [UInt8] = []

    public init() {}

    /// The frames that these bytes complete.
    public mutating func take(_ bytes: some Sequence<UInt8>) -> [Frame] {
        waiting += bytes
        var frames: [Frame] = []
        var start = 0
        while start < waiting.count {
            switch candidate(at: start) {
            case .frame(let frame, let length):
                frames.append(frame)
                start += length
            case .nothing: start += 1
            case .incomplete:
                waiting.removeFirst(start)
                return frames
            }
        }
        waiting.removeAll(keepingCapacity: true)
        return frames
    }

    private enum Candidate {
        case frame(Frame, length: Int)
        case nothing
        case incomplete
    }

    private func candidate(at start: Int) -> Candidate {
        guard waiting[start] == Frame.marker else { return .nothing }
        let available = waiting.count - start
        guard available >= Frame.headerLength else { return .incomplete }
        let header = Array(waiting[start..<start + Frame.headerLength])
        let id = (0..<3).reduce(UInt32(0)) { $0 | UInt32(header[7 + $1]) << UInt32(8 * $1) }
        // Of the flags that a reader must understand there is one: a signature follows.
        guard header[2] & ~1 == 0, let crcExtra = KnownMessages.crcExtra(of: id) else { return .nothing }
        let end = Frame.headerLength + Int(header[1])
        let length = end + 2 + (header[2] & 1 != 0 ? Frame.signatureLength : 0)
        guard available >= length else { return .incomplete }
        var checksum = Checksum()
        checksum.add(waiting[start + 1..<start + end])
        checksum.add(crcExtra)
        let sent = UInt16(waiting[start + end]) | UInt16(waiting[start + end + 1]) << 8
        guard checksum.value == sent else { return .nothing }
        let payload = Array(waiting[start + Frame.headerLength..<start + end])
        let frame = Frame(
            system: header[5], component: header[6], sequence: header[4], messageID: id, payload: payload)
        return .frame(frame, length: length)
    }
}
