import CKernelChecks
import CKernels
import Testing

/// The names of the tables this machine has, the scalar truth first.
let tableNames: [String] = {
    var names: [String] = []
    while let name = unsafe hf_kernels_name(names.count) { unsafe names.append(String(cString: name)) }
    return names
}()

@Suite struct TableTests {
    @Test func scalarIsAlwaysThereAndFirst() {
        #expect(tableNames.first == "scalar")
        #expect(Set(tableNames).count == tableNames.count)
    }

    @Test(arguments: tableNames) func everyTableIsFoundByItsName(_ name: String) throws {
        let table = unsafe try CKernelsTests.table(name)
        #expect(unsafe String(cString: table.pointee.name) == name)
    }

    @Test func unknownNameGivesNoTable() {
        #expect(unsafe hf_kernels_named("abacus") == nil)
    }
}

/// Every table against the scalar truth, bit for bit. The checks are in C (Tests/CKernelChecks), so that the same ones
/// run for other processors under an emulator.
@Suite struct VariantTests {
    static let checkNames: [String] = {
        var names: [String] = []
        while let check = unsafe hf_check_at(names.count) { unsafe names.append(String(cString: check.pointee.name)) }
        return names
    }()

    @Test(arguments: tableNames, checkNames) func agreesWithTheScalarTruth(table: String, family: String) throws {
        let kernels = unsafe try CKernelsTests.table(table)
        let index = try #require(Self.checkNames.firstIndex(of: family))
        guard let check = unsafe hf_check_at(index)?.pointee.check else { throw MissingTable(name: family) }
        var message = [CChar](repeating: 0, count: 256)
        let cases = unsafe message.withUnsafeMutableBufferPointer { buffer in
            unsafe check(kernels, 20_251, buffer.baseAddress, buffer.count)
        }
        let failure = String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        #expect(failure.isEmpty, "\(table) \(family): \(failure)")
        #expect(cases > 100)
    }
}

/// A table of kernels, or a check, that should be there and is not.
struct MissingTable: Error {
    var name: String
}

/// The table by its name. Swift 6.2 does not let `#require` see an unsafe pointer.
func table(_ name: String) throws -> UnsafePointer<hf_kernels> {
    guard let table = unsafe hf_kernels_named(name) else { throw MissingTable(name: name) }
    return unsafe table
}
