/// A safetensors file from a header's text and its data.
func container(_ header: String, data: [UInt8] = []) -> [UInt8] {
    let text = Array(header.utf8)
    return (0..<8).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) } + text + data
}
