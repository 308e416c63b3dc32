internal import Glibc
public import Testing

extension Trait where Self == ConditionTrait {
    /// Of a test that needs a request which qemu's user mode does not know, such as mlock2: tools/platforms/test-arm64
    /// leaves it out, by the variable HFLOC_EMULATED.
    public static var onKernel: Self {
        .enabled("qemu's user mode lacks what it asks of the kernel") { unsafe getenv("HFLOC_EMULATED") == nil }
    }
}
