internal import ArgumentParser
internal import Capture
internal import CommandSupport
internal import Configuration
internal import Errors
internal import Evaluation
internal import Features
internal import Files
internal import Inference
internal import LocalizationOptions
internal import ReferenceMap
internal import Retrieval

/// `hfloc retrieve`: what an image reminds the map of.
struct RetrieveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retrieve",
        abstract: "Print the prior frames and places of images, with scores: no pose.",
        discussion: "Images that cannot be used are named, and make the exit status 2.")

    @Argument(help: "Image files.")
    var images: [String]
    @Option(help: "The map file.")
    var map: String
    @Option(help: "The model file. Default: $HFLOC_MODEL, then the installed one.")
    var model: String?
    @Option(help: "How many prior frames.")
    var priors = LocalizerOptions().priors
    @Flag(help: "The images follow one another, as those of a lost camera: the ones before count, too.")
    var sequence = false
    @Option(help: "A folder of images with poses, which say how the camera moved from image to image of --sequence.")
    var motion: String?
    @Flag(help: "Print one JSON object a line.")
    var json = false

    func validate() throws {
        try LocalizerOptions().$priors.allowed.check(priors, "--priors")
        if motion != nil, !sequence { throw ValidationError("--motion is for --sequence") }
    }

    func run() throws {
        try Failure.reporting {
            let model = try Model(opening: InstalledModel.resolve(self.model))
            let map = try ReferenceMap(opening: self.map)
            try map.require(modelID: model.modelID, orWeights: model.weightsID)
            var retriever = Retriever(map: map, priors: min(priors, map.keyframeCount))
            var global = GlobalDescriptor(dimension: map.globalDimension)
            var features = LocalFeatures(dimension: model.descriptorDimension)
            var image = GreyImage(width: 1, height: 1)
            var network = FittingNetwork(
                model: model, longSide: map.longSide, maximumKeypoints: LocalizerOptions().maximumKeypoints,
                clusters: map.clusters)
            let poses = try motion.map { folder throws(MapError) in try PosedImages(folder: folder) }
            var followed = sequence ? RetrievalSequence(in: map, poses: poses) : nil
            var batch = Batch()
            for path in images {
                let fitting = batch.attempt(path) {
                    try ImageFile.readGrey(path, into: &image)
                    return try network.network(for: image)
                }
                guard let fitting else { continue }
                fitting.extractLocal(from: image, into: &features)
                fitting.extractGlobal(of: features, into: &global)
                retriever.retrieve(global)
                followed?.order(&retriever, of: path)
                let found = RetrievedFrames(image: path, retriever, in: map)
                try StandardOutput.writeLine(json ? found.json : found.text)
            }
            try batch.finish()
        }
    }
}
