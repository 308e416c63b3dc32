/// The median, by quickselect; reorders the values. The upper of the two middle ones for an even count; NaN of none.
public func median(_ values: inout [Double]) -> Double {
    guard !values.isEmpty else { return .nan }
    var (low, high) = (0, values.count - 1)
    let middle = values.count / 2
    while low < high {
        let pivot = values[(low + high) / 2]
        var (i, j) = (low, high)
        while i <= j {
            while values[i] < pivot { i += 1 }
            while values[j] > pivot { j -= 1 }
            if i <= j {
                values.swapAt(i, j)
                i += 1
                j -= 1
            }
        }
        if middle <= j { high = j } else if middle >= i { low = i } else { break }
    }
    return values[middle]
}
