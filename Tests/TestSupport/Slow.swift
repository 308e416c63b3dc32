internal import Glibc
public import Testing

extension Trait where Self == ConditionTrait {
    /// Of a test that takes seconds: `tools/test --fast` leaves it out, by the variable HFLOC_FAST_TESTS.
    public static var slow: Self {
        .enabled("tools/test --fast leaves it out") { unsafe getenv("HFLOC_FAST_TESTS") == nil }
    }
}
