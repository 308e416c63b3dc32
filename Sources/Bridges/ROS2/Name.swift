public import Errors

/// Resolves names of topics as ROS 2 does: `/absolute`, `relative` to the namespace, and `~/private` to the node.
public struct NameResolver: Sendable {
    /// Such as `/robot1`; `/` alone is the root.
    public let space: String
    /// Of the node, such as `hfloc`.
    public let node: String
    private let remapped: [String: String]

    /// - Parameters:
    ///   - space: the node's namespace, absolute.
    ///   - node: the node's name: one token.
    ///   - rules: `FROM:=TO`, as of `ros2 run --remap`.
    public init(space: String, node: String, rules: [String] = []) throws(Failure) {
        let space = space == "/" ? "" : space
        guard space.isEmpty || Self.isAbsolute(space) else {
            throw Failure(.usage, "\(space): not a namespace of ROS 2: /robot1 is one")
        }
        guard Self.isToken(node[...]) else {
            throw Failure(.usage, "\(node): not a name of a node: letters, digits and underscores, no digit first")
        }
        (self.space, self.node) = (space.isEmpty ? "/" : space, node)
        var remapped: [String: String] = [:]
        for rule in rules {
            let parts = rule.split(separator: ":=", omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2 else { throw Failure(.usage, "\(rule): not a rule; FROM:=TO is one") }
            let (from, to) = (try Self.resolve(parts[0], space, node), try Self.resolve(parts[1], space, node))
            remapped[from] = to
        }
        self.remapped = remapped
    }

    /// The topic's absolute name, after the rules; of a name that is none it says which.
    public func topic(_ name: String) throws(Failure) -> String {
        let full = try Self.resolve(name, space == "/" ? "" : space, node)
        return remapped[full] ?? full
    }

    private static func resolve(_ name: String, _ space: String, _ node: String) throws(Failure) -> String {
        let full: String
        if name.hasPrefix("~/") {
            full = "\(space)/\(node)/\(name.dropFirst(2))"
        } else {
            full = name.hasPrefix("/") ? name : "\(space)/\(name)"
        }
        guard isAbsolute(full) else {
            throw Failure(.usage, "\(name): not a name of a topic: /map, pose and ~/pose are")
        }
        return full
    }

    private static func isAbsolute(_ name: String) -> Bool {
        name.hasPrefix("/")
            && name.dropFirst().split(separator: "/", omittingEmptySubsequences: false).allSatisfy(isToken)
    }

    private static func isToken(_ token: Substring) -> Bool {
        guard let first = token.utf8.first, !(0x30...0x39).contains(first) else { return false }
        return token.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte) || byte == 0x5f
        }
    }
}
