import Errors
import ROS2
import Testing

@Suite struct NameTests {
    @Test func `names resolve as ROS's do`() throws {
        let names = try NameResolver(space: "/robot1", node: "hfloc")
        #expect(try names.topic("/tf") == "/tf")
        #expect(try names.topic("odom") == "/robot1/odom")
        #expect(try names.topic("~/pose") == "/robot1/hfloc/pose")
        let root = try NameResolver(space: "/", node: "hfloc")
        #expect(try root.topic("~/pose") == "/hfloc/pose")
        #expect(try root.topic("odom") == "/odom")
        #expect(root.space == "/")
    }

    @Test func `a rule is applied to the resolved name`() throws {
        let names = try NameResolver(space: "/r", node: "n", rules: ["~/pose:=/localization/pose", "/tf:=tf"])
        #expect(try names.topic("~/pose") == "/localization/pose")
        #expect(try names.topic("/tf") == "/r/tf")
        #expect(try names.topic("odom") == "/r/odom")
    }

    @Test(arguments: ["", "/", "a b", "/a//b", "1st", "/a/2", "pose/", "~pose", "ä", "~/"])
    func `what is no name is refused`(name: String) throws {
        let names = try NameResolver(space: "/", node: "hfloc")
        #expect(throws: Failure.self) { try names.topic(name) }
    }

    @Test func `namespaces, nodes and rules are checked`() {
        #expect(throws: Failure.self) { try NameResolver(space: "robot", node: "hfloc") }
        #expect(throws: Failure.self) { try NameResolver(space: "/", node: "hf-loc") }
        #expect(throws: Failure.self) { try NameResolver(space: "/", node: "n", rules: ["odom=/x"]) }
        #expect(throws: Failure.self) { try NameResolver(space: "/", node: "n", rules: ["odom:=/x y"]) }
    }
}
