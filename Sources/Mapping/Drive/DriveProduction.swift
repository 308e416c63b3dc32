import Features
internal import Files
import Geometry
public import ReferenceMap

/// The whole way from a recorded drive to a map file, on the vehicle's own computer: keyframes by motion and view, dead
/// reckoning, closed loops, satellite fixes, and then what every build does.
public struct DriveProduction {
    /// What builds the map; its options' refinement is of a drive where they have none.
    public var production: MapProduction
    /// Metres between two keyframes.
    public var keyframeSpacing = 1.0
    /// The folder of the keyframes' image files. It is made, and stays.
    public var folder: String

    /// A production that keeps the drive's keyframes in `folder`.
    public init(_ production: MapProduction, folder: String) {
        (self.production, self.folder) = (production, folder)
    }

    /// Builds the map of `drive` and writes it to `path`, all or nothing.
    ///
    /// - Throws: `MapError` where no map can be made of it: no odometry or motion, blurred images, parts that have too
    ///   little in common, or what ``MapProduction/produce(from:to:notes:)`` says.
    public func produce(
        from drive: Drive, to path: String, notes: [String: String] = [:]
    ) throws(MapError) -> (summary: MappingSummary, identity: String) {
        try MapContents.requireWritable(path)
        var choice = KeyframeChoice()
        choice.spacing = keyframeSpacing
        let chosen = try DriveKeyframes(drive, choice: choice)
        var set = try written(chosen.keyframes, drive)
        var summary = MappingSummary()
        var (images, cameras) = production.extraction.extract(
            set.images, cameras: set.cameras, summary: &summary, progress: production.progress)
        guard images.count >= 3 else {
            let first = summary.skipped.first.map { ": \($0.name) \($0.reason)" } ?? ""
            throw DriveKeyframes.error(
                drive, "images", "only \(images.count) of \(set.images.count) keyframes can be used\(first)",
                "correct what is wrong with the others")
        }
        let frames = Dictionary(
            chosen.keyframes.map { (Self.number($0.frame), $0) }, uniquingKeysWith: { first, _ in first })
        func keyframe(_ name: String) -> DriveKeyframes.Keyframe? { frames[String(name.prefix { $0 != "." })] }
        for index in images.indices { images[index].deadReckoning = keyframe(images[index].name)?.deadReckoning }
        var production = production
        if production.options.refinement == nil { production.options.refinement = .ofDrive }
        var report = chosen.report
        let solver = DriveSolver(
            drive: drive, keyframes: images.compactMap { keyframe($0.name) }, options: production.options,
            threads: production.threads, cache: production.cache, progress: production.progress)
        let clock = ContinuousClock()
        let start = clock.now
        let (solved, fixes) = try solver.solve(images, cameras, &report)
        summary.seconds.append((.closure, (clock.now - start).seconds))
        summary.drive = report
        let names = Dictionary(solved.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
        for index in set.images.indices {
            guard let number = names[set.images[index].name] else { continue }
            set.images[index].cameraFromMap = solved[number].cameraFromMap
            set.images[index].fix = fixes[number]
        }
        return try production.produce(
            from: set, to: path, notes: notes,
            extracted: ExtractedDrive(images: solved, cameras: cameras, summary: summary))
    }

    /// As a keyframe's name has it: that which `hfloc recording extract` gives the frame.
    private static func number(_ frame: Int) -> String {
        let digits = "\(frame)"
        return String(repeating: "0", count: max(0, 6 - digits.count)) + digits
    }

    /// The keyframes as image files, with poses by dead reckoning.
    private func written(
        _ keyframes: [DriveKeyframes.Keyframe], _ drive: Drive
    ) throws(MapError) -> PosedImages {
        var images: [PosedImage] = []
        do throws(FileError) {
            try Folder.make(folder)
            for keyframe in keyframes {
                guard let file = drive.readFrame(keyframe.frame) else { continue }
                let name = Self.number(keyframe.frame) + "." + file.suffix
                let path = "\(folder)/\(name)"
                try AtomicFile.write(file.bytes, to: path, syncs: false)
                images.append(
                    PosedImage(
                        name: name, path: path, camera: 0,
                        cameraFromMap: keyframe.deadReckoning.cameraFromOdometry))
            }
        } catch {
            throw MapError(error)
        }
        return PosedImages(folder: drive.name, cameras: [drive.camera], images: images)
    }
}

/// A drive's keyframes with their features, and what was counted so far.
struct ExtractedDrive {
    var images: [ExtractedImage]
    var cameras: [Camera]
    var summary: MappingSummary

    /// With the poses of `set`, and without those that are not in it.
    func placed(as set: PosedImages) -> (images: [ExtractedImage], cameras: [Camera]) {
        let poses = Dictionary(set.images.map { ($0.name, $0.cameraFromMap) }, uniquingKeysWith: { first, _ in first })
        let placed = images.compactMap { image -> ExtractedImage? in
            guard let pose = poses[image.name] else { return nil }
            var image = image
            image.cameraFromMap = pose
            return image
        }
        return (placed, cameras)
    }
}
