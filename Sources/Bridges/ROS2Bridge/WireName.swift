/// The name of an enumeration's value as the .proto files write it, without the enumeration's own: `NO_CAMERA` of
/// `noCamera`; `UNKNOWN_99` of one that a newer hflocd has.
func wireName<Value>(_ value: Value) -> String where Value: RawRepresentable, Value.RawValue == Int {
    let name = "\(value)"
    if name.hasPrefix("UNRECOGNIZED") { return "UNKNOWN_\(value.rawValue)" }
    return name.reduce(into: "") { text, character in
        if character.isUppercase { text += "_" }
        text += character.uppercased()
    }
}
