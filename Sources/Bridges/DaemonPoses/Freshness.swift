/// Which stamps of hflocd may be passed on: those of this machine and boot, of now.
public struct Freshness: Sendable {
    /// Nanoseconds after which hflocd, which says something each second, is silent.
    public static let patience: UInt64 = 2_500_000_000
    /// Nanoseconds by which a stamp may be ahead.
    private static let mostAhead: UInt64 = 50_000_000

    private let maximumAge: UInt64
    private let bootID: String

    /// - Parameters:
    ///   - maximumAge: nanoseconds.
    ///   - bootID: of this machine and boot; empty if it is not known.
    public init(maximumAge: UInt64, bootID: String) { (self.maximumAge, self.bootID) = (maximumAge, bootID) }

    /// What is wrong with a stamp of CLOCK_MONOTONIC (nanoseconds) of some boot; nil if nothing is.
    public func fault(of time: UInt64, bootID other: String, at now: UInt64) -> Withheld? {
        if !other.isEmpty, !bootID.isEmpty, other != bootID { return .otherMachine }
        if time > now + Self.mostAhead { return .future }
        return now > time && now - time > maximumAge ? .stale : nil
    }
}
