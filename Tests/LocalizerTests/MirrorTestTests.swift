import Features
import Inference
import Localizer
import TestSupport
import Testing

@Suite("The look at a mirrored picture")
struct MirrorTestTests {
    @Test("leaves the frame's network as it was: places are retrieved of the picture as it came")
    func framesNetworkIsLeftAlone() throws {
        let drive = try SampleDrive.shared.get()
        let picture = drive.frames[0]
        let network = try Network(
            model: drive.model, imageWidth: picture.width, imageHeight: picture.height, maximumKeypoints: 400)
        var features = LocalFeatures(dimension: drive.model.descriptorDimension, capacity: 400)
        var (before, after) = (
            GlobalDescriptor(dimension: network.globalDimension), GlobalDescriptor(dimension: network.globalDimension)
        )
        network.extractLocal(from: picture, into: &features)
        network.extractGlobal(of: features, into: &before)
        var mirror = MirrorTest(width: picture.width, height: picture.height, beside: network)
        for flip in [MirrorTest.Flip.sideways, .upsideDown, .both] {
            mirror.extract(picture, flip)
            #expect(mirror.features.count > 100)
            network.extractGlobal(of: features, into: &after)
            #expect(after.values == before.values)
        }
    }
}
