import Container
import Features
import Geometry
import ReferenceMap
import Testing
import TestSupport

@Suite("The map file")
struct MapFileTests {
    let scratch = Scratch()

    @Test("gives back what was written")
    func roundTrip() throws {
        let contents = try SmallMap.contents(named: "round trip")
        let path = "\(scratch.path)/a.hfmap"
        let identity = try contents.write(to: path)
        let map = try ReferenceMap(opening: path)
        #expect(map.identity == identity)
        #expect(map.modelID == contents.modelID)
        #expect(map.cameras == contents.cameras)
        #expect(map.keyframeCount == contents.keyframes.count)
        #expect(map.landmarkCount == contents.landmarks.count)
        #expect(map.metadata["provenance.source"] == "a \"test\"\n")
        for (index, keyframe) in contents.keyframes.enumerated() {
            #expect(map.name(ofKeyframe: index) == keyframe.name)
            #expect(map.camera(ofKeyframe: index) == contents.cameras[keyframe.camera])
            let difference = map.cameraFromMap(ofKeyframe: index).inverse * keyframe.cameraFromMap
            #expect(difference.log.translation.length < 1e-14 && difference.log.rotation.length < 1e-14)
            #expect(map.detectedKeypoints(ofKeyframe: index) == 500)
            let range = map.observations(ofKeyframe: index)
            #expect(Array(map.observationLandmarks[range]) == keyframe.landmarks)
            for (offset, observation) in range.enumerated() {
                #expect(map.keyframe(ofObservation: observation) == index)
                let pixel = keyframe.pixels[offset]
                #expect(map.pixel(ofObservation: observation) == Vector2(Double(pixel.x), Double(pixel.y)))
            }
            let bytes = range.lowerBound * SmallMap.dimension..<range.upperBound * SmallMap.dimension
            #expect(Array(map.descriptors[bytes]) == keyframe.descriptors)
            #expect(map.globalDescriptor(ofKeyframe: index).values == keyframe.globalDescriptor.values)
            #expect(map.globalScales[index] == keyframe.globalDescriptor.scale)
        }
        for (index, landmark) in contents.landmarks.enumerated() {
            #expect(map.position(ofLandmark: index) == landmark)
        }
    }

    @Test("knows where on the Earth it is, if its maker did; its identity covers that")
    func origin() throws {
        var contents = try SmallMap.contents(named: "origin")
        let plain = try contents.write(to: "\(scratch.path)/plain.hfmap")
        #expect(try ReferenceMap(opening: "\(scratch.path)/plain.hfmap").origin == nil)
        let origin = GeodeticPosition(latitude: -33.856_812_345_678_9, longitude: 151.2, height: 12.25)
        contents.origin = origin
        let path = "\(scratch.path)/placed.hfmap"
        #expect(try contents.write(to: path) != plain)
        #expect(try ReferenceMap(opening: path).origin == origin)
        // A part of it, or what is no place.
        contents.origin = nil
        for notes in [["origin_latitude_deg": "52"], ["origin_latitude_deg": "52", "origin_longitude_deg": "north"]] {
            contents.notes = notes
            try contents.write(to: path)
            #expect(throws: MapError.self) { try ReferenceMap(opening: path) }
        }
    }

    @Test("groups observations by landmark, and knows from where a landmark was seen")
    func landmarks() throws {
        let contents = try SmallMap.contents(named: "landmarks")
        let path = "\(scratch.path)/a.hfmap"
        try contents.write(to: path)
        let map = try ReferenceMap(opening: path)
        for landmark in 0..<map.landmarkCount {
            let observers = map.landmarkObservations[map.observations(ofLandmark: landmark)].map {
                map.keyframe(ofObservation: Int($0))
            }
            let expected = contents.keyframes.indices.filter {
                contents.keyframes[$0].landmarks.contains(UInt32(landmark))
            }
            #expect(observers == expected)
            let rays = expected.map {
                contents.keyframes[$0].cameraFromMap.originInSource - contents.landmarks[landmark]
            }
            guard let least = rays.map(\.length).min(), let greatest = rays.map(\.length).max() else { continue }
            #expect(abs(Double(map.viewingDistances[2 * landmark]) - least) < 1e-5)
            #expect(abs(Double(map.viewingDistances[2 * landmark + 1]) - greatest) < 1e-5)
            let mean = rays.reduce(Vector3.zero) { $0 + $1.normalized }.normalized
            for axis in 0..<3 {
                #expect(abs(Double(map.viewingDirections[3 * landmark + axis]) - mean[axis]) < 1e-6)
            }
        }
    }

    @Test("has the covisibility that counting every pair gives")
    func covisibility() throws {
        var contents = try SmallMap.contents(named: "covisibility", keyframes: 14)
        contents.minimumShared = 48
        let path = "\(scratch.path)/a.hfmap"
        try contents.write(to: path)
        let map = try ReferenceMap(opening: path)
        var edges = 0
        for a in contents.keyframes.indices {
            let own = Set(contents.keyframes[a].landmarks)
            var expected: [UInt32: UInt32] = [:]
            for b in contents.keyframes.indices where b != a {
                let shared = own.intersection(contents.keyframes[b].landmarks).count
                if shared >= contents.minimumShared { expected[UInt32(b)] = UInt32(shared) }
            }
            let range = map.neighbours(of: a)
            let found = Dictionary(
                uniqueKeysWithValues: zip(map.covisibleKeyframes[range], map.covisibleShared[range]))
            #expect(found == expected)
            let counts = Array(map.covisibleShared[range])
            #expect(counts == counts.sorted(by: >))
            edges += range.count
        }
        #expect(edges > 0 && edges < 14 * 13, "the test must see both neighbours and strangers")
    }

    @Test("of version 1 still opens and verifies, and names its model by the weights")
    func version1() throws {
        let folder = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        let map = try ReferenceMap(opening: folder + "/Version1/map.hfmap")
        #expect(map.identity == "efbd89860591707391aa85fb5540f5dbd2c62cadbdad78f7c0fa1420a9f9b0f8")
        #expect(try map.verify().observations == 52 && map.keyframeCount == 2 && map.landmarkCount == 26)
        let weights = "0c2f8fb25cc5a40f06e6d8b00853a44b4bc7cd9f0f6608ce3da4fc3fb52a13b0"
        try map.require(modelID: "another", orWeights: weights)
        #expect(throws: MapError.self) { try map.require(modelID: "another", orWeights: "others") }
        let new = "\(scratch.path)/new.hfmap"
        var contents = try SmallMap.contents(named: "new")
        contents.modelID = weights
        try contents.write(to: new)
        let other = try ReferenceMap(opening: new)
        #expect(throws: MapError.self) { try other.require(modelID: "another", orWeights: weights) }
    }

    @Test("keeps what it does not know, and its identity covers that")
    func unknownMetadata() throws {
        let path = "\(scratch.path)/a.hfmap"
        var contents = try SmallMap.contents(named: "unknown")
        let plain = try contents.write(to: path)
        contents.notes["future.origin"] = "[1, 2]"
        #expect(try contents.write(to: path) != plain)
        let map = try ReferenceMap(opening: path)
        #expect(map.metadata["future.origin"] == "[1, 2]")
        try map.verifyBytes()
        try map.write(copyTo: "\(scratch.path)/b.hfmap")
        #expect(Scratch.read(path) == Scratch.read("\(scratch.path)/b.hfmap"))
    }

    @Test("is a copy up to a size, which nothing touches; a larger one tells when it was written over in place")
    func overwritten() throws {
        let path = "\(scratch.path)/a.hfmap"
        try SmallMap.contents(named: "overwritten").write(to: path)
        let bytes = Scratch.read(path)
        let copy = try ReferenceMap(opening: path)
        let mapped = try ReferenceMap(opening: path, copyingUpTo: bytes.count - 1)
        #expect(copy.isCopy && !mapped.isCopy && !mapped.hasChanged)
        try SmallMap.contents(named: "another").write(to: path)
        #expect(!mapped.hasChanged, "renaming leaves what is mapped")
        let again = try ReferenceMap(opening: path, copyingUpTo: 0)
        #expect(!again.hasChanged)
        scratch.write("a.hfmap", [UInt8](repeating: 0, count: bytes.count))
        #expect(again.hasChanged && !copy.hasChanged && !mapped.hasChanged)
        try copy.verifyBytes()
        try mapped.verifyBytes()
    }

    @Test("is the same, byte for byte, for the same contents")
    func deterministic() throws {
        let (a, b) = ("\(scratch.path)/a.hfmap", "\(scratch.path)/b.hfmap")
        try SmallMap.contents(named: "deterministic").write(to: a)
        try SmallMap.contents(named: "deterministic").write(to: b)
        #expect(Scratch.read(a) == Scratch.read(b))
    }

    @Test("verifies, and reports reprojection errors as small as single precision pixels")
    func verifies() throws {
        let path = "\(scratch.path)/a.hfmap"
        try SmallMap.contents(named: "verify").write(to: path)
        let result = try ReferenceMap(opening: path).verify()
        #expect(result.observations > 1000)
        #expect(result.largestError < 1e-4)
    }

    @Test("does not verify when a landmark is elsewhere")
    func wrongGeometry() throws {
        var contents = try SmallMap.contents(named: "wrong geometry")
        contents.landmarks[Int(contents.keyframes[2].landmarks[5])] += Vector3(0.5, 0, 0)
        let path = "\(scratch.path)/a.hfmap"
        try contents.write(to: path)
        let map = try ReferenceMap(opening: path)
        let error = #expect(throws: MapError.self) { try map.verify() }
        #expect(error?.kind == .damaged)
    }

    @Test("refuses another network, naming the field and the cure")
    func otherModel() throws {
        let path = "\(scratch.path)/a.hfmap"
        let contents = try SmallMap.contents(named: "model")
        try contents.write(to: path)
        let map = try ReferenceMap(opening: path)
        try map.require(modelID: contents.modelID, orWeights: "")
        let error = #expect(throws: MapError.self) {
            try map.require(modelID: String(repeating: "cd", count: 32), orWeights: "")
        }
        #expect(error?.kind == .model)
        #expect(error?.field.contains("model_id") == true)
        #expect(error?.cure.contains("rebuild the map with this model") == true)
    }

    @Test("is not touched by a write that fails, which leaves nothing behind")
    func atomic() throws {
        let contents = try SmallMap.contents(named: "atomic")
        let path = "\(scratch.path)/a.hfmap"
        try contents.write(to: path)
        let before = Scratch.read(path)
        let error = #expect(throws: MapError.self) { try contents.write(to: "\(scratch.path)/none/a.hfmap") }
        #expect(error?.kind == .cannotWrite)
        #expect(throws: MapError.self) { try MapContents.requireWritable("\(scratch.path)/none/a.hfmap") }
        try MapContents.requireWritable(path)
        // A folder cannot be replaced by a file.
        let occupied = scratch.folder("folder")
        #expect(throws: MapError.self) { try contents.write(to: occupied) }
        #expect(Scratch.read(path) == before)
        #expect(namesInFolder(scratch.path) == ["a.hfmap", "folder"])
    }

    @Test("comes back as a COLMAP model, half a pixel further, whose cameras and poses are the map's")
    func export() throws {
        let contents = try SmallMap.contents(named: "export")
        let path = "\(scratch.path)/a.hfmap"
        try contents.write(to: path)
        let map = try ReferenceMap(opening: path)
        let folder = scratch.folder("model")
        try map.colmapModel().writeText(folder: folder)
        let model = try ColmapModel.read(folder: folder)
        #expect(model.points.count == map.landmarkCount && model.images.count == map.keyframeCount)
        for (keyframe, image) in model.images.enumerated() {
            for (observation, keypoint) in zip(map.observations(ofKeyframe: keyframe), image.keypoints) {
                let pixel = map.pixel(ofObservation: observation)
                #expect(keypoint.x == pixel.x + 0.5 && keypoint.y == pixel.y + 0.5)
                #expect(keypoint.point == UInt64(map.observationLandmarks[observation]) + 1)
            }
        }
        for point in model.points {
            for element in point.track {
                let keypoint = model.images[Int(element.image) - 1].keypoints[Int(element.keypoint)]
                #expect(keypoint.point == point.id)
            }
            #expect(point.position == map.position(ofLandmark: Int(point.id) - 1) && point.error < 1e-4)
        }
        let posed = try PosedImages(model: folder, imageFolder: folder)
        for (index, image) in posed.images.enumerated() {
            let difference = image.cameraFromMap.inverse * map.cameraFromMap(ofKeyframe: index)
            #expect(difference.log.translation.length < 1e-12 && difference.log.rotation.length < 1e-12)
            let (a, b) = (posed.cameras[image.camera].parameters, map.camera(ofKeyframe: index).parameters)
            #expect(zip(a, b).allSatisfy { abs($0 - $1) < 1e-9 })
        }
    }

    @Test("can have keyframes that see nothing")
    func empty() throws {
        var contents = try SmallMap.contents(named: "empty", keyframes: 2, landmarks: 0)
        contents.notes = [:]
        let path = "\(scratch.path)/a.hfmap"
        try contents.write(to: path)
        let map = try ReferenceMap(opening: path)
        #expect(map.observations(ofKeyframe: 1).isEmpty && map.neighbours(of: 0).isEmpty)
        #expect(try map.verify().observations == 0)
    }
}
