internal import Glibc
internal import SwiftProtobuf

/// Standard output, unbuffered: who reads a pipe wants the line now.
enum StandardOutput {
    static func write(_ text: String) {
        var text = text
        text.withUTF8 { bytes in _ = unsafe Glibc.write(STDOUT_FILENO, bytes.baseAddress, bytes.count) }
    }
}

extension Message {
    /// One line of JSON with the names of the .proto files, numbers as numbers.
    func jsonLine() throws -> String {
        var options = JSONEncodingOptions()
        options.preserveProtoFieldNames = true
        options.alwaysPrintInt64sAsNumbers = true
        return try jsonString(options: options)
    }
}
