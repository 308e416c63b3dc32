internal import CCycloneDDS

/// A message of ROS 2 that Cyclone can write.
///
/// Types that adopt it turn into the C structure that idlc made of the message's definition, and back.
public protocol Message: Sendable {
    /// The hash of the type's definition (RIHS01, REP-2016), as `rosbags` computes it.
    static var hash: String { get }
    /// Creates a topic of this type (`dds_create_topic`): its entity, or Cyclone's error.
    static func createTopic(_ participant: Int32, _ name: String) -> Int32
    /// Writes it (`dds_write`): 0, or Cyclone's error.
    func write(to writer: Int32) -> Int32
}

/// A message that can be read, too.
public protocol ReadableMessage: Message {
    /// Takes the next sample (`dds_take`).
    static func take(from reader: Int32) -> Taken<Self>
}

/// What a reader had.
public enum Taken<Message> {
    case message(Message)
    /// Without data: a writer has gone.
    case notice
    case nothing
}

/// Takes a sample of idlc's structure, and copies what it means.
func take<Wire: BitwiseCopyable, M>(from reader: Int32, _ read: (Wire) -> M) -> Taken<M> {
    var sample: UnsafeMutableRawPointer?
    var info = dds_sample_info_t()
    guard unsafe dds_take(reader, &sample, &info, 1, 1) > 0, let lent = unsafe sample else { return .nothing }
    defer { unsafe _ = dds_return_loan(reader, &sample, 1) }
    guard info.valid_data else { return .notice }
    return .message(read(unsafe lent.assumingMemoryBound(to: Wire.self).pointee))
}

/// Memory of a structure's strings and sequences; freed all at once.
@safe final class WireMemory {
    private var blocks: [UnsafeMutableRawPointer] = unsafe []

    init() {}

    deinit { unsafe blocks.forEach { unsafe $0.deallocate() } }

    /// Writes a structure that was made in this memory.
    func write<Wire: BitwiseCopyable>(_ wire: Wire, to writer: Int32) -> Int32 {
        var wire = wire
        defer { extendLifetime(self) }
        return unsafe dds_write(writer, &wire)
    }

    /// A string with its terminating zero; what would follow a zero inside is left out.
    func string(_ text: String) -> UnsafeMutablePointer<CChar> {
        let bytes = text.utf8.prefix { $0 != 0 }.map { CChar(bitPattern: $0) } + [0]
        return unsafe array(bytes)
    }

    /// A sequence's elements.
    func array<Element>(_ elements: [Element]) -> UnsafeMutablePointer<Element> {
        let raw = UnsafeMutableRawPointer.allocate(
            byteCount: max(1, elements.count * MemoryLayout<Element>.stride),
            alignment: MemoryLayout<Element>.alignment)
        unsafe blocks.append(raw)
        let typed = unsafe raw.bindMemory(to: Element.self, capacity: elements.count)
        unsafe typed.initialize(from: elements, count: elements.count)
        return unsafe typed
    }
}

/// Fills a C array, which Swift sees as a tuple, from the front.
func fill<Tuple, Element>(_ tuple: inout Tuple, with elements: some Sequence<Element>) {
    unsafe withUnsafeMutableBytes(of: &tuple) { bytes in
        let array = unsafe bytes.bindMemory(to: Element.self)
        for (index, element) in zip(array.indices, elements) { unsafe array[index] = element }
    }
}

/// The elements of a C array.
func elements<Tuple, Element>(of tuple: Tuple, as type: Element.Type) -> [Element] {
    unsafe withUnsafeBytes(of: tuple) { unsafe Array($0.bindMemory(to: type)) }
}

/// A string that Cyclone lends; empty if there is none.
func text(_ pointer: UnsafeMutablePointer<CChar>?) -> String {
    unsafe pointer.map { unsafe String(cString: $0) } ?? ""
}
