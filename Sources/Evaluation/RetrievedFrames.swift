internal import Reporting
package import ReferenceMap
package import Retrieval

/// What an image reminds the map of: `hfloc retrieve`.
package struct RetrievedFrames {
    /// A frame of the map.
    package struct Frame {
        package var name: String
        /// Cosine between the global descriptors, -1...1.
        package var similarity: Float
        /// The place that it belongs to, from 0, the largest first; -1 if it is in none.
        package var place: Int

        package init(name: String, similarity: Float, place: Int) {
            (self.name, self.similarity, self.place) = (name, similarity, place)
        }
    }

    /// The image that was asked about.
    package var image: String
    /// The most similar first.
    package var frames: [Frame]

    package init(image: String, frames: [Frame]) {
        self.image = image
        self.frames = frames
    }

    /// What `retriever` found last.
    package init(image: String, _ retriever: Retriever, in map: ReferenceMap) {
        let places = retriever.places
        self.init(
            image: image,
            frames: retriever.priors.map { prior in
                Frame(
                    name: map.name(ofKeyframe: prior.keyframe), similarity: prior.similarity,
                    place: places.ranges.firstIndex { places.keyframes[$0].contains(prior.keyframe) } ?? -1)
            })
    }

    /// The image, and a line for each frame: rank, similarity, place (from 1), name.
    package var text: String {
        let lines = frames.enumerated().map { rank, frame in
            "  " + "\(rank + 1)".aligned(3) + "  \(Double(frame.similarity).text(4))  place \(frame.place + 1)  "
                + frame.name
        }
        return ([image] + lines).joined(separator: "\n")
    }

    /// One object; places from 0.
    package var json: String {
        let priors = frames.map { frame in
            JSONText.object([
                ("keyframe", JSONText.string(frame.name)),
                ("similarity", JSONText.number(Double(frame.similarity))), ("place", "\(frame.place)"),
            ])
        }
        return JSONText.object([("image", JSONText.string(image)), ("priors", JSONText.array(priors))])
    }
}
