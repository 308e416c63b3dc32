/// Why a pose is withheld or degraded, in one sentence for people: what it means, and what may cure it. Raw values
/// count the cases: none may be given one of its own.
public enum LocalizationReason: UInt8, Sendable, CaseIterable {
    /// The frame is localized, or was not looked at.
    case none
    case blankPicture
    case repeatedPicture
    case stalePicture
    case mirroredPicture
    case tornPicture
    case fewMatches
    case fewInliers
    case narrowSpread
    case littleRecognized
    case uncertain
    case ambiguous
    case unconfirmed
    case jumped
    case scattered
    case contradictedCamera
    case beyondMap

    public var text: String {
        switch self {
        case .none: ""
        case .blankPicture: "the picture shows nothing: lens cap, no light, or a broken camera?"
        case .repeatedPicture: "the picture is the one before again: a frozen camera?"
        case .stalePicture: "the picture is an earlier one again: a buffer that was not filled anew?"
        case .tornPicture: "the picture seems put together of two: a torn frame, or a buffer that begins in the middle?"
        case .mirroredPicture: "the picture seems mirrored or upside down: v4l2 hflip or vflip?"
        case .fewMatches: "hardly anything of the map is recognized"
        case .fewInliers: "too little of the map is recognized to fix a pose"
        case .narrowSpread: "what is recognized lies in too small a part of the picture"
        case .littleRecognized: "something of the place is recognized, the place is not"
        case .uncertain: "the pose is uncertain: use it with its covariance"
        case .ambiguous: "two poses explain the picture alike: see keyframe and rival_keyframe"
        case .unconfirmed: "too few frames agree yet"
        case .jumped: "the pose does not continue the motion: the next frames bear it out, or not"
        case .scattered: "the matches fit the pose less cleanly than this place usually gives"
        case .contradictedCamera: "the picture contradicts the camera file, or the map: another lens, focus or size?"
        case .beyondMap: "only far landmarks are left: the camera is beyond the map"
        }
    }
}
