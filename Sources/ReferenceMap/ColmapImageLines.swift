import Geometry

extension ColmapModel {
    /// IMAGE_ID QW QX QY QZ TX TY TZ CAMERA_ID NAME, then a line with the keypoints as X Y POINT3D_ID, which may be
    /// empty, and which many programs leave out where it would be. So each line is taken for what it looks like; one
    /// that could be both is refused, rather than that an image is lost.
    func readImagesText(_ path: String, _ parts: Parts) throws(MapError) -> [Image] {
        var lines = try TextLines(reading: path)
        let known = Set(cameras.map(\.id))
        var images: [Image] = []
        /// The last line was an image's: its keypoints may follow.
        var mayHaveKeypoints = false
        while let text = lines.nextRaw() {
            let line = ColmapImageLine(text, cameras: known)
            switch line.kind {
            case .comment: continue
            case .empty: mayHaveKeypoints = false
            case .keypoints where mayHaveKeypoints, .either where mayHaveKeypoints:
                if line.kind == .either {
                    throw lines.error(
                        "image", "may be an image or the keypoints of the one before it",
                        cure: "put an empty line between, or rename the image")
                }
                if parts == .everything { images[images.count - 1].keypoints = try Self.keypoints(text, lines) }
                mayHaveKeypoints = false
            case .image, .either, .keypoints:
                images.append(try Self.image(line, lines))
                mayHaveKeypoints = true
            }
        }
        return images
    }

    private static func image(_ line: ColmapImageLine, _ lines: TextLines) throws(MapError) -> Image {
        let fields = line.fields
        guard fields.count == 10 else {
            throw lines.error("image", "needs IMAGE_ID QW QX QY QZ TX TY TZ CAMERA_ID NAME")
        }
        let id = try lines.integer(fields[0], "IMAGE_ID", in: UInt32.min...UInt32.max)
        let pose = try readPose(fields[1...7], lines)
        let camera = try lines.integer(fields[8], "CAMERA_ID", in: UInt32.min...UInt32.max)
        let name = String(fields[9])
        guard ImageName.isSafe(name) else { throw lines.error("NAME", ImageName.rule) }
        return Image(id: id, name: name, camera: camera, cameraFromWorld: pose)
    }

    private static func keypoints(_ text: String, _ lines: TextLines) throws(MapError) -> [Keypoint] {
        let fields = TextLines.fields(of: text)
        guard fields.count % 3 == 0 else { throw lines.error("POINTS2D", "not in threes of X Y POINT3D_ID") }
        var keypoints: [Keypoint] = []
        keypoints.reserveCapacity(fields.count / 3)
        for start in stride(from: 0, to: fields.count, by: 3) {
            let x = try lines.number(fields[start], "X")
            let y = try lines.number(fields[start + 1], "Y")
            let isFree = fields[start + 2] == "-1" || fields[start + 2] == "18446744073709551615"
            let point =
                isFree ? nil : try lines.integer(fields[start + 2], "POINT3D_ID", in: UInt64.min...UInt64.max)
            keypoints.append(Keypoint(x: x, y: y, point: point))
        }
        return keypoints
    }
}

/// What a line of images.txt looks like. Only its beginning is taken apart: a line of keypoints may hold thousands.
struct ColmapImageLine {
    enum Kind {
        case empty, comment
        /// An image with its pose, or what is meant to be one.
        case image
        /// Threes of numbers.
        case keypoints
        /// An image whose name is made of numbers.
        case either
    }

    /// The first nine, and all that follows as the tenth, which is a name that may hold blanks.
    let fields: [Substring]
    let kind: Kind

    init(_ text: String, cameras: Set<UInt32>) {
        let isBlank = { (character: Character) in character == " " || character == "\t" }
        fields = text.split(maxSplits: 9, whereSeparator: isBlank).map { field in
            let start = field.drop(while: isBlank)
            return start[..<(start.lastIndex { !isBlank($0) }.map(start.index(after:)) ?? start.endIndex)]
        }
        kind = Self.kind(fields, cameras)
    }

    private static func kind(_ fields: [Substring], _ cameras: Set<UInt32>) -> Kind {
        guard let first = fields.first, !first.isEmpty else { return .empty }
        if first.hasPrefix("#") { return .comment }
        let tail = fields.count == 10 ? TextLines.fields(of: fields[9], atMost: 3) : []
        let count = fields.count < 10 ? fields.count : 9 + TextLines.count(in: fields[9])
        let first12 = Array(fields.prefix(9) + tail)
        let isNumeric = first12.allSatisfy { Double($0) != nil }
        let isImage = isImage(fields, cameras)
        // Of each keypoint the third number is a point's id, or -1.
        let hasIDs = stride(from: 2, to: first12.count, by: 3).allSatisfy {
            first12[$0] == "-1" || UInt64(first12[$0]) != nil
        }
        if isNumeric && count % 3 == 0 && (hasIDs || !isImage) { return isImage ? .either : .keypoints }
        // Neither: what is wrong with it is found where it is read as what it resembles more.
        return isImage || !isNumeric || count == 10 ? .image : .keypoints
    }

    /// A number, a pose with a unit quaternion, and a camera that exists.
    private static func isImage(_ fields: [Substring], _ cameras: Set<UInt32>) -> Bool {
        guard fields.count == 10, UInt32(fields[0]) != nil, let camera = UInt32(fields[8]), cameras.contains(camera)
        else { return false }
        let pose = fields[1...7].compactMap { Double($0) }.filter(\.isFinite)
        return pose.count == 7 && Rotation(checkingW: pose[0], x: pose[1], y: pose[2], z: pose[3]) != nil
    }
}

extension TextLines {
    /// The first fields of a text, split at blanks and tabs.
    static func fields(of text: Substring, atMost count: Int) -> [Substring] {
        Array(text.split(maxSplits: count, whereSeparator: { $0 == " " || $0 == "\t" }).prefix(count))
    }

    /// How many fields a text has.
    static func count(in text: Substring) -> Int {
        var (count, isInside) = (0, false)
        for byte in text.utf8 {
            let isBlank = byte == 0x20 || byte == 0x09
            if !isBlank && !isInside { count += 1 }
            isInside = !isBlank
        }
        return count
    }
}
