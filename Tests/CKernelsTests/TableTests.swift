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
