import CKernelChecks
import CKernels
import Testing

/// Every table against the scalar truth, bit for bit. The checks are in C (Tests/CKernelChecks), so that the same ones run for
/// other processors under an emulator.
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
