/// An element type that a tensor of a container can have. Values lie in the file as in memory, little-endian.
public protocol TensorElement: BitwiseCopyable, Sendable {
    /// By which name files call the type.
    static var elementType: ElementType { get }
}

/// The element types of the safetensors format, by their names in the file.
public enum ElementType: String, Sendable, CaseIterable {
    /// A byte, 0 or 1; no Swift type reads it.
    case bool = "BOOL"
    /// Read as `UInt8`.
    case uint8 = "U8"
    /// Read as `Int8`.
    case int8 = "I8"
    /// Read as `UInt16`.
    case uint16 = "U16"
    /// Read as `Int16`.
    case int16 = "I16"
    /// IEEE 754 half precision; no Swift type reads it.
    case float16 = "F16"
    /// The upper half of a float32; no Swift type reads it.
    case bfloat16 = "BF16"
    /// Read as `UInt32`.
    case uint32 = "U32"
    /// Read as `Int32`.
    case int32 = "I32"
    /// Read as `Float`.
    case float32 = "F32"
    /// Read as `UInt64`.
    case uint64 = "U64"
    /// Read as `Int64`.
    case int64 = "I64"
    /// Read as `Double`.
    case float64 = "F64"

    /// Bytes of one element; also its alignment.
    public var size: Int {
        switch self {
        case .bool, .uint8, .int8: 1
        case .uint16, .int16, .float16, .bfloat16: 2
        case .uint32, .int32, .float32: 4
        case .uint64, .int64, .float64: 8
        }
    }
}

extension UInt8: TensorElement { public static var elementType: ElementType { .uint8 } }
extension Int8: TensorElement { public static var elementType: ElementType { .int8 } }
extension UInt16: TensorElement { public static var elementType: ElementType { .uint16 } }
extension Int16: TensorElement { public static var elementType: ElementType { .int16 } }
extension UInt32: TensorElement { public static var elementType: ElementType { .uint32 } }
extension Int32: TensorElement { public static var elementType: ElementType { .int32 } }
extension Float: TensorElement { public static var elementType: ElementType { .float32 } }
extension UInt64: TensorElement { public static var elementType: ElementType { .uint64 } }
extension Int64: TensorElement { public static var elementType: ElementType { .int64 } }
extension Double: TensorElement { public static var elementType: ElementType { .float64 } }
