internal import Container
internal import Errors
internal import Glibc
internal import Inference
internal import Localizer
internal import ReferenceMap

/// Keeps the camera's last place in the state folder: after each change of place, and at the end.
struct LastPoseStore {
    private let memory: LastPoseFile?
    private let journal: Journal
    private var saved: LastPose?
    private var lastSave: UInt64 = 0
    /// A disk that refuses is told of once.
    private var hasComplained = false

    /// Nanoseconds between two saves while driving.
    private static let pause: UInt64 = 1_000_000_000

    /// - Parameters:
    ///   - folder: nil if the place is not to be kept.
    ///   - resources: the map, the model and the calibration that the place belongs to.
    ///   - journal: where it is said what happened.
    init(folder: String?, resources: PipelineResources, journal: Journal) {
        self.journal = journal
        memory = folder.map {
            LastPoseFile(
                folder: $0, mapID: resources.map.identity, modelID: resources.model.modelID,
                calibrationID: resources.calibrationID)
        }
    }

    /// Lets the localizer begin where the last session ended.
    mutating func restore(into localizer: any FrameLocalizer) {
        guard let memory else { return }
        do {
            guard let place = try memory.recall() else { return }
            guard localizer.begin(at: place, hint: .remembered) else {
                journal.write("\(memory.path): names a keyframe that the map does not have; not used")
                return
            }
            saved = place
            journal.write("\(memory.path): trying the last place, keyframe \(place.reference)")
        } catch {
            journal.write("\(error)")
        }
    }

    /// - Parameters:
    ///   - place: where the camera was last; nil while it is lost.
    ///   - now: CLOCK_MONOTONIC, nanoseconds.
    mutating func follow(_ place: LastPose?, at now: UInt64) {
        guard let place, place.reference != saved?.reference, now >= lastSave + Self.pause else { return }
        save(place, syncs: false)
        lastSave = now
    }

    /// The last word, which survives a power cut too.
    mutating func finish(_ place: LastPose?) {
        if let place, place != saved { save(place, syncs: true) }
    }

    private mutating func save(_ place: LastPose, syncs: Bool) {
        guard let memory else { return }
        do {
            try memory.save(place, syncs: syncs)
            hasComplained = false
        } catch {
            if !hasComplained { journal.write("the last place is not kept: \(error)") }
            hasComplained = true
        }
        saved = place
    }
}

/// Where the last place is kept.
enum StateFolder {
    /// The configured folder, which must be one; else what the service manager gives ($STATE_DIRECTORY, of several the
    /// first), if anything.
    static func find(_ configured: String?, environment: [String: String]) throws(StateFolderError) -> String? {
        guard let configured else {
            return environment["STATE_DIRECTORY"]?.split(separator: ":").first.map { String($0) }
        }
        guard unsafe access(configured, W_OK | X_OK) == 0 else {
            throw StateFolderError(folder: configured, code: errno)
        }
        return configured
    }
}

/// A configured folder that cannot be used.
struct StateFolderError: ReportedError {
    let folder: String
    /// errno.
    let code: Int32

    var exitStatus: ExitStatus { code == ENOENT ? .missingInput : .configuration }
    var description: String { "state: \(folder): \(reason); give a folder that this user may write to" }
    var reason: String { unsafe String(cString: strerror(code)) }
}
