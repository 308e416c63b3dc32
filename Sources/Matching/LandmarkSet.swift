/// A set of landmarks of a map; emptied at once. Memory: 4 bytes for each landmark of the map.
public struct LandmarkSet: Sendable {
    private var stamps: [UInt32]
    private var generation: UInt32 = 1

    /// Empty.
    /// - Parameter count: landmarks of the map.
    public init(count: Int) { stamps = [UInt32](repeating: 0, count: count) }

    /// Forgets all.
    public mutating func removeAll() {
        generation &+= 1
        guard generation == 0 else { return }
        for index in stamps.indices { stamps[index] = 0 }
        generation = 1
    }

    /// Adds a landmark of the map.
    public mutating func insert(_ landmark: UInt32) { stamps[Int(landmark)] = generation }

    /// Whether it was added.
    public func contains(_ landmark: UInt32) -> Bool { stamps[Int(landmark)] == generation }
}
