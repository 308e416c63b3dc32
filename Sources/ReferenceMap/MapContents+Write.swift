import Container
import Features
import Files
import Geometry

extension MapContents {
    /// Writes the map file (Formats.md): the inverse index, the covisibility graph and the landmarks' viewing ranges
    /// are worked out here. All or nothing: on an error an old file at `path` is whole.
    ///
    /// The values must be consistent: a count or index that is not is a caller's bug.
    /// - Returns: the map's identity, 64 hex digits.
    @discardableResult
    public func write(to path: String) throws(MapError) -> String {
        checkInvariants()
        let version = clusters == nil ? MapFormat.version : MapFormat.clusteredVersion
        var writer = TensorFileWriter(kind: MapFormat.kind, version: version)
        for (key, value) in metadata { writer.setMetadata(key, value) }
        MapCameras.add(cameras, to: &writer)
        addKeyframes(to: &writer)
        addGlobalDescriptors(to: &writer)
        addObservations(to: &writer)
        addLandmarks(to: &writer)
        do throws(FileError) {
            return try writer.write(to: path, identity: MapFormat.Key.mapID).description
        } catch {
            throw MapError(error)
        }
    }

    /// Refuses a path that a map cannot be written to: to be asked before the work of building one.
    public static func requireWritable(_ path: String) throws(MapError) {
        do throws(FileError) { try AtomicFile.check(path) } catch { throw MapError(error) }
    }

    private var observationCount: Int { keyframes.reduce(0) { $0 + $1.landmarks.count } }

    private func checkInvariants() {
        precondition(!keyframes.isEmpty && !cameras.isEmpty, "MapContents: a map has a keyframe")
        precondition(clusters?.isValid ?? true, "MapContents: clusters that cannot be")
        precondition(
            clusters.map(\.dimension) ?? globalDimension == globalDimension, "MapContents: clusters' dimension")
        precondition(observationCount < Int(UInt32.max), "MapContents: observations are numbered with 32 bits")
        for keyframe in keyframes {
            precondition(cameras.indices.contains(keyframe.camera), "MapContents: unknown camera")
            precondition(
                keyframe.globalDescriptor.values.count == globalDimension, "MapContents: global descriptor's length")
            let count = keyframe.landmarks.count
            precondition(keyframe.pixels.count == count, "MapContents: a pixel per landmark")
            precondition(
                keyframe.descriptors.count == count * descriptorDimension, "MapContents: a descriptor per landmark")
            precondition(keyframe.landmarks.allSatisfy { Int($0) < landmarks.count }, "MapContents: unknown landmark")
            precondition(Set(keyframe.landmarks).count == count, "MapContents: a keyframe observes a landmark once")
        }
    }

    private var metadata: [String: String] {
        typealias Key = MapFormat.Key
        var values = notes
        values[Key.modelID] = modelID
        values[Key.longSide] = "\(longSide)"
        values[Key.descriptorDimension] = "\(descriptorDimension)"
        values[Key.descriptorScale] = "\(MapFormat.descriptorScale)"
        values[Key.globalDimension] = "\(globalDimension)"
        values[Key.pixelConvention] = MapFormat.pixelConvention
        values[Key.cameras] = "\(cameras.count)"
        values[Key.keyframes] = "\(keyframes.count)"
        values[Key.landmarks] = "\(landmarks.count)"
        values[Key.observations] = "\(observationCount)"
        values[Key.minimumShared] = "\(minimumShared)"
        if let first = landmarks.first {
            let low = landmarks.reduce(first, pointwiseMin)
            let high = landmarks.reduce(first, pointwiseMax)
            values[Key.boundingBox] = "[\(low.x), \(low.y), \(low.z), \(high.x), \(high.y), \(high.z)]"
        }
        if let origin {
            precondition(origin.isValid, "MapContents: the origin is no position on the Earth")
            values[Key.originLatitude] = "\(origin.latitude)"
            values[Key.originLongitude] = "\(origin.longitude)"
            values[Key.originHeight] = "\(origin.height)"
        }
        return values
    }

    private func addKeyframes(to writer: inout TensorFileWriter) {
        typealias Name = MapFormat.Tensor
        var names: [UInt8] = []
        var offsets: [UInt32] = [0]
        var poses: [Double] = []
        for keyframe in keyframes {
            names += keyframe.name.utf8
            offsets.append(UInt32(names.count))
            let (q, t) = (keyframe.cameraFromMap.rotation, keyframe.cameraFromMap.translation)
            poses += [q.w, q.imaginary.x, q.imaginary.y, q.imaginary.z, t.x, t.y, t.z]
        }
        writer.add(Name.nameOffsets, offsets)
        writer.add(Name.names, names)
        writer.add(Name.keyframeCamera, keyframes.map { UInt32($0.camera) })
        writer.add(Name.pose, poses, shape: [keyframes.count, 7])
        writer.add(Name.detected, keyframes.map { UInt32($0.detectedKeypoints) })
    }

    private func addGlobalDescriptors(to writer: inout TensorFileWriter) {
        typealias Name = MapFormat.Tensor
        guard let clusters else {
            writer.add(
                Name.global, keyframes.flatMap(\.globalDescriptor.values), shape: [keyframes.count, globalDimension])
            writer.add(Name.globalScale, keyframes.map(\.globalDescriptor.scale))
            return
        }
        let signs = keyframes.map { DescriptorSigns(of: $0.globalDescriptor) }
        writer.add(Name.globalSigns, signs.flatMap(\.bits), shape: [keyframes.count, globalDimension / 8])
        writer.add(Name.globalScale, signs.map(\.scale))
        MapClusters.add(clusters, to: &writer)
    }

    private func addObservations(to writer: inout TensorFileWriter) {
        typealias Name = MapFormat.Tensor
        var offsets: [UInt32] = [0]
        var observed: [UInt32] = []
        for keyframe in keyframes {
            observed += keyframe.landmarks
            offsets.append(UInt32(observed.count))
        }
        writer.add(Name.observationOffsets, offsets)
        writer.add(Name.observationLandmark, observed)
        writer.add(
            Name.pixel, keyframes.flatMap { $0.pixels.flatMap { [$0.x, $0.y] } }, shape: [observed.count, 2])
        writer.add(
            Name.descriptor, keyframes.flatMap(\.descriptors), shape: [observed.count, descriptorDimension])
    }

    private func addLandmarks(to writer: inout TensorFileWriter) {
        typealias Name = MapFormat.Tensor
        var observers = [[UInt32]](repeating: [], count: landmarks.count)
        var groups = observers
        var observation: UInt32 = 0
        for (index, keyframe) in keyframes.enumerated() {
            for landmark in keyframe.landmarks {
                observers[Int(landmark)].append(UInt32(index))
                groups[Int(landmark)].append(observation)
                observation += 1
            }
        }
        var offsets: [UInt32] = [0]
        for group in groups { offsets.append(offsets[offsets.count - 1] + UInt32(group.count)) }
        writer.add(Name.landmarkOffsets, offsets)
        writer.add(Name.landmarkObservations, groups.flatMap { $0 })
        writer.add(Name.position, landmarks.flatMap { [$0.x, $0.y, $0.z] }, shape: [landmarks.count, 3])
        addViewingRanges(observers, to: &writer)
        let graph = CovisibilityGraph(
            landmarks: keyframes.map(\.landmarks), observers: observers, minimumShared: minimumShared)
        writer.add(Name.covisibilityOffsets, graph.offsets)
        writer.add(Name.neighbour, graph.neighbours)
        writer.add(Name.shared, graph.shared)
    }

    private func addViewingRanges(_ observers: [[UInt32]], to writer: inout TensorFileWriter) {
        let centres = keyframes.map(\.cameraFromMap.originInSource)
        var directions: [Float] = []
        var distances: [Float] = []
        for (landmark, keyframes) in zip(landmarks, observers) {
            var sum = Vector3.zero
            var (least, greatest) = (Double.infinity, 0.0)
            for keyframe in keyframes {
                let ray = centres[Int(keyframe)] - landmark
                let distance = ray.length
                if distance > 0 { sum += ray / distance }
                (least, greatest) = (min(least, distance), max(greatest, distance))
            }
            // Seen from opposite sides, or from nowhere: no direction.
            let mean = sum.length > 1e-9 ? sum.normalized : .zero
            directions += [Float(mean.x), Float(mean.y), Float(mean.z)]
            distances += [Float(least.isFinite ? least : 0), Float(greatest)]
        }
        writer.add(MapFormat.Tensor.direction, directions, shape: [landmarks.count, 3])
        writer.add(MapFormat.Tensor.distance, distances, shape: [landmarks.count, 2])
    }
}
