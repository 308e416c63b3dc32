internal import Errors
internal import Files
internal import Glibc

/// A video's frames as images in a folder of their own, with their times: by ffmpeg, if it is there. Removed with this
/// object.
final class VideoFrames {
    /// With timestamps.txt.
    var folder: String { place.path }
    private let place: SessionFolder

    init(of video: String) throws {
        guard FileStatus.exists(video) else { throw Failure(.missingInput, "\(video): does not exist") }
        place = try SessionFolder(for: "video")
        let list = folder + "/times"
        try Self.run(
            [
                "ffprobe", "-v", "error", "-select_streams", "v:0", "-show_entries",
                "frame=best_effort_timestamp_time", "-of", "csv=p=0", video,
            ], output: list, video)
        try Self.run(
            [
                "ffmpeg", "-v", "error", "-i", video, "-vsync", "passthrough", "-q:v", "2", folder + "/%08d.jpg",
            ], output: "/dev/null", video)
        try writeTimes(list, video)
    }

    private func writeTimes(_ list: String, _ video: String) throws {
        let text = try PlainText.string(list, atMost: 1 << 28)
        let times = text.split(whereSeparator: \.isNewline).compactMap { line in
            Double(line.prefix { $0 != "," }.trimmingPrefix(while: \.isWhitespace))
        }
        let names = try Folder.names(folder).filter { $0.hasSuffix(".jpg") }
        guard !names.isEmpty, names.count == times.count else {
            throw Failure(.badData, "\(video): \(names.count) frames with \(times.count) times; is it a video?")
        }
        let start = times.min() ?? 0
        let lines = zip(names, times.sorted()).map { "\($0) \(UInt64((($1 - start) * 1e9).rounded()))\n" }
        try AtomicFile.write(lines.joined(), to: folder + "/timestamps.txt")
    }

    /// Runs a program of the path to its end, with its standard output in a file.
    private static func run(_ arguments: [String], output: String, _ video: String) throws {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe _ = posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        unsafe posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        var words: [UnsafeMutablePointer<CChar>?] = unsafe arguments.map { unsafe strdup($0) } + [nil]
        defer { for index in arguments.indices { unsafe free(words[index]) } }
        var process = pid_t()
        let result = unsafe posix_spawnp(&process, arguments[0], &actions, nil, &words, environ)
        guard result == 0 else {
            throw Failure(
                .unavailable, "\(video): needs the program \(arguments[0]) (Debian: ffmpeg), or a folder of images")
        }
        var status: Int32 = 0
        while unsafe waitpid(process, &status, 0) < 0, errno == EINTR {}
        guard status == 0 else { throw Failure(.badData, "\(video): \(arguments[0]) cannot read it") }
    }
}
