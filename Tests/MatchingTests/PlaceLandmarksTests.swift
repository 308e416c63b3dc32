import Container
import MapFixtures
import Matching
import ReferenceMap
import Testing

@Suite("A local place holds its keyframes' observations, by landmark")
struct PlaceLandmarksTests {
    @Test(
        "every observation once, under its landmark, with its descriptor", arguments: [[3], [0, 1, 2], [7, 2, 15, 9]])
    func contents(keyframes: [Int]) throws {
        let map = try RandomMap(seed: 11).map
        var place = PlaceLandmarks(for: map, rowCapacity: 16)
        place.load([19, 18], from: map)  // What was there before must not show.
        place.load(keyframes, from: map)
        let observations = keyframes.flatMap { Array(map.observations(ofKeyframe: $0)) }
        #expect(place.rowCount == observations.count)
        #expect(Set(place.landmarks).count == place.landmarks.count)
        #expect(Set(place.landmarks) == Set(observations.map { map.observationLandmarks[$0] }))
        let length = map.descriptorDimension
        var expected = observations.map { ($0, map.observationLandmarks[$0]) }
        for (index, landmark) in place.landmarks.enumerated() {
            #expect(place.positions[index] == map.position(ofLandmark: Int(landmark)))
            for row in place.rowOffsets[index]..<place.rowOffsets[index + 1] {
                #expect(place.rowLandmarks[row] == UInt32(index))
                let descriptor = Array(place.descriptors[row * length..<(row + 1) * length])
                let found = expected.firstIndex { observation, observed in
                    observed == landmark
                        && descriptor == (0..<length).map { map.descriptors[observation * length + $0] }
                }
                #expect(found != nil)
                if let found { expected.remove(at: found) }
            }
        }
        #expect(expected.isEmpty)
    }

    @Test("landmarks that are left out are as if the map did not have them; the set empties at once")
    func except() throws {
        let map = try RandomMap(seed: 12).map
        let (whole, rest) = (try place(map, nil), LandmarkSet(count: map.landmarkCount))
        var excluded = rest
        for landmark in whole.landmarks.prefix(whole.landmarks.count / 2) { excluded.insert(landmark) }
        let half = try place(map, excluded)
        #expect(Set(half.landmarks) == Set(whole.landmarks.dropFirst(whole.landmarks.count / 2)))
        for (index, landmark) in half.landmarks.enumerated() {
            let other = try #require(whole.landmarks.firstIndex(of: landmark))
            let rows = half.rowOffsets[index]..<half.rowOffsets[index + 1]
            #expect(rows.count == whole.rowOffsets[other + 1] - whole.rowOffsets[other])
            #expect(rows.allSatisfy { half.rowLandmarks[$0] == UInt32(index) })
        }
        excluded.removeAll()
        #expect(try place(map, excluded).landmarks == whole.landmarks)
    }

    private func place(_ map: ReferenceMap, _ excluded: LandmarkSet?) throws -> PlaceLandmarks {
        var place = PlaceLandmarks(for: map, rowCapacity: 16)
        place.load([4, 9], from: map, except: excluded)
        return place
    }
}
