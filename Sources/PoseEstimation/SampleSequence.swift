/// SplitMix64 (Steele, Lea, Flood 2014): the same numbers of a seed on every machine, where nothing must depend on
/// chance. Not for secrets.
package struct SplitMix64 {
    private var state: UInt64

    /// Begins the sequence of a seed; any will do.
    package init(seed: UInt64) { state = seed }

    /// The next 64 bits, each as likely 0 as 1.
    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// An index below `bound` (bias under 2^-32 for the bounds here).
    package mutating func index(below bound: Int) -> Int { Int(next().multipliedFullWidth(by: UInt64(bound)).high) }

    /// Three different indices below `bound`.
    mutating func triple(below bound: Int) -> (Int, Int, Int) {
        let a = index(below: bound)
        var b = index(below: bound - 1)
        if b >= a { b += 1 }
        var c = index(below: bound - 2)
        if c >= min(a, b) { c += 1 }
        if c >= max(a, b) { c += 1 }
        return (a, b, c)
    }
}

/// Which triples to try: those of the highest ranks first, and more ranks the more have been tried (Chum and Matas,
/// "Matching with PROSAC", CVPR 2005). After `budget` triples it draws evenly.
struct SampleSequence {
    private var generator: SplitMix64
    private let count: Int
    private let isProgressive: Bool
    private let budget: Double
    private var drawn = 0
    /// Triples are drawn from this many of the highest ranks.
    private var pool: Int
    /// Triples of `budget` that would lie in the pool, and the number of draws after which the pool grows.
    private var expected: Double
    private var growsAfter = 1

    init(count: Int, budget: Int, isProgressive: Bool, generator: SplitMix64) {
        self.generator = generator
        self.count = count
        self.isProgressive = isProgressive
        self.budget = Double(budget)
        pool = isProgressive ? 3 : count
        let n = Double(count)
        expected = Double(budget) * 6 / (n * (n - 1) * (n - 2))
    }

    /// Three different ranks, 0 being the best.
    mutating func next() -> (Int, Int, Int) {
        drawn += 1
        guard isProgressive, pool < count || drawn <= growsAfter, drawn <= Int(budget) else {
            return generator.triple(below: count)
        }
        while drawn > growsAfter, pool < count {
            let larger = expected * Double(pool + 1) / Double(pool - 2)
            growsAfter += Int((larger - expected).rounded(.up))
            expected = larger
            pool += 1
        }
        guard pool > 3 else { return (0, 1, 2) }
        // The newest rank with two of the others.
        let a = generator.index(below: pool - 1)
        var b = generator.index(below: pool - 2)
        if b >= a { b += 1 }
        return (a, b, pool - 1)
    }
}
