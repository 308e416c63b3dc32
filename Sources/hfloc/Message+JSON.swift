internal import SwiftProtobuf

extension Message {
    /// One line of JSON with the names of the .proto files, numbers as numbers.
    func jsonLine() throws -> String {
        var options = JSONEncodingOptions()
        options.preserveProtoFieldNames = true
        options.alwaysPrintInt64sAsNumbers = true
        return try jsonString(options: options)
    }
}
