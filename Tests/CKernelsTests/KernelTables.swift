import CKernels

/// A table of kernels, or a check, that should be there and is not.
struct MissingTable: Error {
    var name: String
}

/// The table by its name. Swift 6.2 does not let `#require` see an unsafe pointer.
func table(_ name: String) throws -> UnsafePointer<hf_kernels> {
    guard let table = unsafe hf_kernels_named(name) else { throw MissingTable(name: name) }
    return unsafe table
}
