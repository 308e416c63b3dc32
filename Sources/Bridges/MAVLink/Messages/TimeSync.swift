/// TIMESYNC: how an autopilot learns the offset between its clock and a companion's.
///
/// Source: https://mavlink.io/en/services/timesync.html.
public struct TimeSync: Message, Equatable {
    public static let id: UInt32 = 111
    public static let crcExtra: UInt8 = 34
    public static let length = 16

    /// The answering side's time, nanoseconds; 0 in a question.
    public var answered: Int64
    /// The asking side's time, nanoseconds.
    public var asked: Int64

    public init(answered: Int64, asked: Int64) { (self.answered, self.asked) = (answered, asked) }

    /// The answer to a question; nil of what is an answer itself.
    ///
    /// - Parameter time: of this side's clock, nanoseconds: the clock of the stamps that it sends.
    public func answer(at time: UInt64) -> TimeSync? {
        answered == 0 ? TimeSync(answered: Int64(clamping: time), asked: asked) : nil
    }

    public init(from payload: inout PayloadReader) {
        answered = payload.integer()
        asked = payload.integer()
    }

    public func write(to payload: inout PayloadWriter) {
        payload.integer(answered)
        payload.integer(asked)
    }
}
