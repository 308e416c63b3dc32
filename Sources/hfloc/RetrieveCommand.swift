internal import ArgumentParser
internal import Capture
internal import Configuration
internal import Errors
internal import Features
internal import Inference
internal import ReferenceMap
internal import Retrieval

/// `hfloc retrieve`: what an image reminds the map of.
struct RetrieveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retrieve",
        abstract: "Print the prior frames and places of images, with scores (global branch only).")

    @Argument(help: "Image files.")
    var images: [String]
    @Option(help: "The map file.")
    var map: String
    @Option(help: "The model file. Default: $HFLOC_MODEL, then the installed one.")
    var model: String?
    @Option(help: "How many prior frames.")
    var priors = 10
    @Flag(help: "Print one JSON object a line.")
    var json = false

    func validate() throws {
        guard (1...1000).contains(priors) else { throw ValidationError("--priors: 1...1000") }
    }

    func run() throws {
        try Failure.reporting {
            let model = try Model(opening: InstalledModel.resolve(self.model))
            let map = try ReferenceMap(opening: self.map)
            try map.require(modelID: model.modelID)
            var retriever = Retriever(map: map, priors: min(priors, map.keyframeCount))
            var global = GlobalDescriptor(dimension: model.globalDimension)
            var image = GreyImage(width: 1, height: 1)
            var network: Network?
            for path in images {
                try ImageFile.readGrey(path, into: &image)
                let fitting = try Self.fit(network, to: image, model: model, longSide: map.longSide)
                fitting.extractGlobalOnly(from: image, into: &global)
                network = fitting
                retriever.retrieve(global)
                print(json ? Self.json(path, retriever, map) : Self.text(path, retriever, map))
            }
        }
    }

    /// The network for images of this size: made once, planned anew when the size changes.
    private static func fit(
        _ network: Network?, to image: GreyImage, model: Model, longSide: Int
    ) throws(ModelError) -> Network {
        guard let network else {
            return try Network(
                model: model, imageWidth: image.width, imageHeight: image.height, longSide: longSide,
                maximumKeypoints: 16)
        }
        try network.reconfigure(imageWidth: image.width, imageHeight: image.height, longSide: longSide)
        return network
    }

    private static func text(_ path: String, _ retriever: Retriever, _ map: ReferenceMap) -> String {
        var lines = ["\(path)"]
        for (rank, prior) in retriever.priors.enumerated() {
            let place = placeIndex(of: prior, retriever)
            lines.append(
                "  \("\(rank + 1)".aligned(3))  \(Double(prior.similarity).text(4))  place \(place + 1)  "
                    + map.name(ofKeyframe: prior.keyframe))
        }
        return lines.joined(separator: "\n")
    }

    private static func json(_ path: String, _ retriever: Retriever, _ map: ReferenceMap) -> String {
        let priors = retriever.priors.map { prior in
            JSONText.object([
                ("keyframe", JSONText.string(map.name(ofKeyframe: prior.keyframe))),
                ("similarity", JSONText.number(Double(prior.similarity))),
                ("place", "\(placeIndex(of: prior, retriever))"),
            ])
        }
        return JSONText.object([("image", JSONText.string(path)), ("priors", JSONText.array(priors))])
    }

    private static func placeIndex(of prior: Prior, _ retriever: Retriever) -> Int {
        retriever.places.ranges.firstIndex { retriever.places.keyframes[$0].contains(prior.keyframe) } ?? -1
    }
}
