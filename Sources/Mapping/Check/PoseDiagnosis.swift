import Geometry
import Reporting

/// Whether images contradict the poses and the camera that they were given, and which usual mistake would explain it.
///
/// Two-view geometry judges: of the matches whose descriptors leave no doubt, between the pairs that have most of them,
/// the share that lies on its epipolar lines, in front of both cameras. It is near one where poses and camera are
/// right, and each mistake is tried by undoing it.
package struct PoseDiagnosis: Sendable, Equatable {
    /// Share of the sure matches that fit what was given, 0...1.
    package private(set) var share = 0.0
    /// How many sure matches there were.
    package private(set) var matches = 0
    /// What it looks like, with the cure; nil where no usual mistake explains clearly more.
    package private(set) var mistake: (name: String, cure: String, share: Double)?

    /// A mistake explains clearly more if what is left unexplained shrinks to this share of it.
    private static let leastGain = 0.6
    /// Or if so many times as much is explained: where nothing explains all, as of a camera that shakes.
    private static let manifold = 2.0
    /// Fewer sure matches judge nothing.
    private static let leastMatches = 200

    /// Of poses and cameras that fit so little, something is wrong: the least of right maps at hand is .30 (a part of
    /// tum_fr2_desk), poses that are a degree or 30 cm off give .06 to .18.
    private static let leastShare = 0.22
    /// Below this, leave-one-out may contradict: xyzw quaternions at a desk have .25, poses 10 cm off .29.
    private static let poorShare = 0.35
    /// Of those that fit less than this, something may be.
    private static let doubtfulShare = 0.6

    /// Whether the images contradict what was given, whatever the reason.
    package var isContradicted: Bool { matches >= Self.leastMatches && share < Self.leastShare }
    /// Whether they fit it so badly that keyframes that are found elsewhere have the last word.
    package var isPoor: Bool { matches >= Self.leastMatches && share < Self.poorShare }
    /// Whether they fit it badly.
    package var isDoubtful: Bool { matches >= Self.leastMatches && share < Self.doubtfulShare }

    package static func == (a: Self, b: Self) -> Bool {
        (a.share, a.matches) == (b.share, b.matches) && a.mistake?.name == b.mistake?.name
    }

    /// Nothing was looked at.
    package init() {}

    /// What is wrong, and the cure; nil where nothing is, or nothing can be told.
    package var contradiction: (problem: String, cure: String)? {
        guard let mistake else {
            guard isContradicted else { return nil }
            return (
                "only \((100 * share).text(0)) % of the sure matches fit, and no usual mistake explains more",
                "check poses and cameras; poses that are not exact are refined with --pose-sigma"
            )
        }
        let found =
            "\((100 * mistake.share).text(0)) % of the sure matches would fit then, \((100 * share).text(0)) % do"
        return ("it looks as if \(mistake.name) (\(found))", mistake.cure)
    }

    init(_ images: [ExtractedImage], _ cameras: [Camera], _ matched: [MatchedPair], threads: Int) {
        let evidence = SureMatches(images, cameras, matched, threads: threads)
        matches = evidence.count
        guard matches >= Self.leastMatches else { return }
        share = evidence.share(without: .none)
        var best: (mistake: UsualMistake, share: Double)?
        for mistake in UsualMistake.all {
            let found = evidence.share(without: mistake)
            if found > best?.share ?? 0 { best = (mistake, found) }
        }
        let focal = evidence.bestFocalRatio()
        let percent = 100 * (focal.ratio - 1)
        if focal.share > best?.share ?? 0, abs(percent) >= 1.5 {
            let direction = percent > 0 ? "longer" : "shorter"
            accept(
                "the focal length is about \(abs(percent).text(0)) % \(direction) than was given",
                "give the camera of these images", focal.share)
        } else if let best {
            accept(best.mistake.name, best.mistake.cure, best.share)
        }
        if mistake == nil { judgeFocalLength(evidence) }
    }

    /// A camera that drives straight ahead hardly tells its focal length: half of it moves matches by a pixel or two.
    /// So a focal length that is very wrong is looked for by the matches that fit closely.
    private mutating func judgeFocalLength(_ evidence: SureMatches) {
        let close = evidence.share(without: .none, within: Self.closely)
        for (ratio, words) in [(0.5, "half of"), (2.0, "twice")] {
            let found = evidence.share(without: .focal(ratio), within: Self.closely)
            if 1 - found < Self.leastGain * (1 - close) {
                let name = "the focal length is \(words) what was given, by the matches within a pixel"
                mistake = (name, "give the camera of these images", found)
            }
        }
    }

    /// Pixels from the epipolar line.
    private static let closely = 1.0

    private mutating func accept(_ name: String, _ cure: String, _ found: Double) {
        guard 1 - found < Self.leastGain * (1 - share) || found > Self.manifold * share else { return }
        mistake = (name, cure, found)
    }
}
