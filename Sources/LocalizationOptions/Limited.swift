/// A quantity that people may choose: its value, and the range that is accepted from them.
///
/// Default and range stand on one line with the quantity, and nowhere else: the configuration's table, its texts and
/// the options of the command line take them from here, by the key path of the projection (`\.$priors`).
///
///     @Limited(to: 1...1000) public var priors = 10
///
/// The range is for what comes from outside. The program's own code may set any value that the quantity's text admits.
@propertyWrapper
public struct Limited<Value: Comparable & Sendable>: Sendable, Equatable {
    public var wrappedValue: Value
    /// What is accepted from people.
    public let allowed: ClosedRange<Value>

    public init(wrappedValue: Value, to allowed: ClosedRange<Value>) {
        precondition(allowed.contains(wrappedValue), "a default out of its own range")
        self.wrappedValue = wrappedValue
        self.allowed = allowed
    }

    /// The value with its range.
    public var projectedValue: Self {
        get { self }
        set { self = newValue }
    }
}
