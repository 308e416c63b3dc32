import Files
import TestSupport
import Testing

@Suite("Files by the names that lists give them")
struct FileNamesTests {
    private let folder = TemporaryFolder()

    private func names() -> FileNames { FileNames(in: folder.path, where: { $0.hasSuffix(".jpg") }) }

    @Test("are found below the folder, in the order of their bytes, without what is hidden or not wanted")
    func all() {
        for name in ["b.jpg", "a/z.jpg", "a/notes.txt", "Z.jpg", ".hidden.jpg", ".cache/x.jpg"] {
            folder.write(name, "")
        }
        var names = names()
        #expect(names.all() == ["Z.jpg", "a/z.jpg", "b.jpg"])
        var none = FileNames(in: folder.file("none"), where: { _ in true })
        #expect(none.all() == [])
    }

    @Test("may differ in Unicode normalization, in any part of the path; else they are as the list has them")
    func normalization() {
        folder.write("e\u{301}te\u{301}/u\u{308}.jpg", "")
        folder.write("\u{FC}.jpg", "")
        var names = names()
        func path(_ name: String) -> [UInt8] { Array(names.path(of: name).utf8) }
        #expect(path("\u{E9}t\u{E9}/\u{FC}.jpg") == Array(folder.file("e\u{301}te\u{301}/u\u{308}.jpg").utf8))
        #expect(path("\u{FC}.jpg") == Array(folder.file("\u{FC}.jpg").utf8))
        #expect(path("u\u{308}.jpg") == Array(folder.file("\u{FC}.jpg").utf8))
        #expect(path("\u{F6}.jpg") == Array(folder.file("\u{F6}.jpg").utf8))
        #expect(path("a.jpg") == Array(folder.file("a.jpg").utf8))
    }
}
