import Files

extension PosedImages {
    /// Every file that is read when a map is built of the images: none of them may be written over. The images, and
    /// whatever lies where poses are looked for. Cost: a listing of each folder.
    public var files: [String] {
        let models = ((try? Folder.names("\(folder)/sparse")) ?? []).map { "/sparse/\($0)" }
        let folders = (["", "/images", "/sparse", "/model"] + models).map { folder + $0 }
        return images.map(\.path)
            + folders.flatMap { folder in ((try? Folder.names(folder)) ?? []).map { "\(folder)/\($0)" } }
    }
}
