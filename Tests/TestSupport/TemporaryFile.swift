internal import Glibc

/// A text file that exists as long as this object.
public final class TemporaryFile {
    public let path: String

    public init(_ text: String) {
        var name = Array("/tmp/hfloc-test-XXXXXX".utf8CString)
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
