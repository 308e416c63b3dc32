import Glibc

/// The bytes of a file beside the tests, below 64 KiB; nil if there is none.
func testFile(_ name: String) -> [UInt8]? {
    guard let file = unsafe fopen(testFolder + name, "re") else { return nil }
    defer { unsafe fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    let count = unsafe fread(&bytes, 1, bytes.count, file)
    return Array(bytes[..<count])
}

let testFolder = String(#filePath.dropLast("TestFile.swift".count))
