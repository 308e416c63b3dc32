internal import Messages
internal import SwiftProtobuf

/// All that is known, for scripts.
enum StateText {
    /// The last message of each kind, in the proto3 mapping with the names of the .proto files; null where none came.
    static func json(_ board: Board) -> String {
        let known = board.facts
        return JSON.object([
            ("silence_s", board.silence.map { .rounded($0, 3) } ?? .null),
            ("localization", raw(known.localization)), ("status", raw(known.status)),
            ("camera_info", raw(known.camera)), ("events", .list(known.events.map { raw($0) })),
            ("map_problem", .text(known.mapProblem)),
        ]).encoded + "\n"
    }

    private static func raw(_ message: (some Message)?) -> JSON {
        var options = JSONEncodingOptions()
        options.preserveProtoFieldNames = true
        return (try? message?.jsonString(options: options)).map { .raw($0) } ?? .null
    }
}
