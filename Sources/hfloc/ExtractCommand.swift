internal import ArgumentParser
internal import Capture
internal import CommandSupport
internal import Configuration
internal import Errors
internal import Features
internal import Files
internal import Inference
internal import Mapping
internal import Reporting

/// `hfloc extract`: what the network sees in images, for other programs.
struct ExtractCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "extract",
        abstract: "Write the keypoints, local descriptors and global descriptors of images into a safetensors file.",
        discussion: """
            For other programs: matching, structure from motion, retrieval, measuring. The file is described in the \
            article Formats. Images that cannot be used are named and left out, and make the exit status 2; the output \
            is written at the end, all or nothing.
            """)

    @Argument(help: "Image files.")
    var images: [String]
    @Option(name: [.short, .long], help: "The file to write; an old one is replaced at the end, at once.")
    var output: String
    @Option(help: "The model file. Default: $HFLOC_MODEL, then the installed one.")
    var model: String?
    @Option(help: "Reduce larger images to this many pixels on the long side. Default: the model's.")
    var longSide: Int?
    @Option(help: "Most keypoints of an image.")
    var keypoints = 2000
    @Option(help: "Lowest score of a keypoint, 0...1. Default: the model's.")
    var threshold: Float?

    func validate() throws {
        guard !images.isEmpty else { throw ValidationError("IMAGES: name at least one image file") }
        guard (1...65536).contains(keypoints) else { throw ValidationError("--keypoints: 1...65536") }
        if let longSide, !(64...4096).contains(longSide) { throw ValidationError("--long-side: 64...4096 pixels") }
        if let threshold, !(0...1).contains(threshold) { throw ValidationError("--threshold: 0...1") }
    }

    func run() throws {
        try Failure.reporting {
            let modelPath = try InstalledModel.resolve(self.model)
            try AtomicFile.check(output, reading: images + [modelPath])
            let model = try Model(opening: modelPath)
            var file = FeatureFile(model: model, longSide: longSide ?? model.inputLongSide)
            var network = FittingNetwork(
                model: model, longSide: longSide, maximumKeypoints: keypoints, detectionThreshold: threshold)
            var image = GreyImage(width: 1, height: 1)
            let bar = ProgressBar()
            var batch = Batch()
            for (index, path) in images.enumerated() {
                let fitting = batch.attempt(path) {
                    try ImageFile.readGrey(path, into: &image)
                    return try network.network(for: image)
                }
                if let fitting { file.add(path, fitting, image) }
                bar.show("extraction", index + 1, images.count)
            }
            bar.finish()
            try batch.requireResult()
            try file.write(to: output)
            try StandardOutput.writeLine(
                "\(output): \(images.count - batch.failures.count) images, \(file.keypointCount) keypoints")
            try batch.finish()
        }
    }
}
