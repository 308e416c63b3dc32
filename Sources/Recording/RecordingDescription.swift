package import Publishing

/// What a recording is of.
package struct RecordingDescription: Sendable {
    /// Of the file's first message all but what each file has of its own.
    package var start: Wire.RecordingStart
    /// Texts that each file carries, such as the camera file: by their names.
    package var attachments: [(name: String, text: [UInt8])]
    /// Wall clock, nanoseconds, that the files are named after; nil: the begin's, where the messages' times are of that
    /// clock.
    package var namedAfter: UInt64?

    package init(start: Wire.RecordingStart, attachments: [(name: String, text: [UInt8])]) {
        (self.start, self.attachments) = (start, attachments)
    }

    /// Names of the texts that are found again.
    package static let cameraFile = "camera.yaml"
    package static let configuration = "hflocd.yaml"
}

/// How large files may be, and what images are in them.
package struct RecordingLimits: Sendable {
    /// Bytes of a file.
    package var fileSize: UInt64
    /// Nanoseconds of a file.
    package var fileTime: UInt64
    /// 1 to 100: images that come uncompressed are compressed so; nil: they stay as they are.
    package var jpegQuality: Int?

    package init(fileSize: UInt64, fileTime: UInt64, jpegQuality: Int? = nil) {
        (self.fileSize, self.fileTime, self.jpegQuality) = (fileSize, fileTime, jpegQuality)
    }
}

/// How a recording fares.
package struct RecordingProgress: Sendable, Equatable {
    package var isActive = true
    /// The file that is being written, or the last.
    package var file = ""
    /// Of all files together.
    package var bytes: UInt64 = 0
    package var files: UInt32 = 0
    /// Why it ended by itself.
    package var problem: String?
}

/// Time, as a recording sees it.
package struct RecordingClock: Sendable {
    /// CLOCK_MONOTONIC, nanoseconds.
    package var monotonic: @Sendable () -> UInt64
    /// How far the wall clock is ahead of it, nanoseconds.
    package var wallOffset: @Sendable () -> Int64
    /// Until CLOCK_MONOTONIC reads this.
    package var sleep: @Sendable (UInt64) -> Void

    package init(
        monotonic: @escaping @Sendable () -> UInt64, wallOffset: @escaping @Sendable () -> Int64,
        sleep: @escaping @Sendable (UInt64) -> Void
    ) {
        (self.monotonic, self.wallOffset, self.sleep) = (monotonic, wallOffset, sleep)
    }
}
