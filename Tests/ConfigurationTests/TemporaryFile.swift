import Glibc

/// A text file that exists as long as this object.
final class TemporaryFile {
    let path: String

    init(_ text: String) {
        var name = Array("/tmp/hfloc-configuration-XXXXXX".utf8CString)
        let descriptor = unsafe mkstemp(&name)
        path = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let bytes = Array(text.utf8)
        _ = unsafe write(descriptor, bytes, bytes.count)
        close(descriptor)
    }

    deinit {
        unsafe unlink(path)
    }
}
