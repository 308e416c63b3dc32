/// The largest `capacity` of the keys offered, in memory that the caller gives: a binary heap with the least key on
/// top.
///
/// Offering n keys costs O(n log capacity) at worst, and one comparison for a key that is too small.
@safe struct BestKeys {
    private let keys: UnsafeMutablePointer<UInt64>
    private let capacity: Int
    private(set) var count = 0

    init(keys: UnsafeMutablePointer<UInt64>, capacity: Int) {
        unsafe self.keys = keys
        self.capacity = capacity
    }

    mutating func offer(_ key: UInt64) {
        if count < capacity {
            unsafe keys[count] = key
            count += 1
            rise(from: count - 1)
        } else if capacity > 0, unsafe key > keys[0] {
            unsafe keys[0] = key
            sink(from: 0, count: count)
        }
    }

    /// Largest first, in place. Nothing may be offered afterwards.
    mutating func sortDescending() {
        for end in stride(from: count - 1, to: 0, by: -1) {
            unsafe swap(&keys[0], &keys[end])
            sink(from: 0, count: end)
        }
    }

    private func rise(from index: Int) {
        var index = index
        let key = unsafe keys[index]
        while index > 0 {
            let parent = (index - 1) / 2
            guard unsafe key < keys[parent] else { break }
            unsafe keys[index] = keys[parent]
            index = parent
        }
        unsafe keys[index] = key
    }

    private func sink(from index: Int, count: Int) {
        var index = index
        let key = unsafe keys[index]
        while true {
            var child = 2 * index + 1
            guard child < count else { break }
            if child + 1 < count, unsafe keys[child + 1] < keys[child] { child += 1 }
            guard unsafe keys[child] < key else { break }
            unsafe keys[index] = keys[child]
            index = child
        }
        unsafe keys[index] = key
    }
}
