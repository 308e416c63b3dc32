import Publishing
import Testing

@Suite("Connections of an endpoint")
struct ConnectionTests {
    @Test("As many as are allowed are served; others get in when these leave")
    func bounded() throws {
        let address = testAddress("crowd")
        let context = try ZeroMQContext(endpoints: 1, mostConnections: 5)
        let publisher = try Publisher(context, endpoints: [try Endpoint(address)])
        let counter = try #require(publisher.connections.first)
        #expect(counter.addresses == [address] && counter.problem(at: .max / 2) == nil)
        var first: [Subscriber] = []
        for _ in 0..<5 { first.append(try Subscriber(address, newestOnly: true)) }
        #expect(
            eventually {
                publisher.publish([1])
                return counter.count == 5
            })
        let problem = try #require(counter.problem(at: 0))
        #expect(problem.hasPrefix("\(address): 5 connections, where 5 are allowed"), "\(problem)")
        let late = try Subscriber(address, newestOnly: true)
        #expect(try late.receive(timeout: 300) == nil)
        publisher.publish([2])
        #expect(counter.count == 5)
        for subscriber in first { #expect(try subscriber.receive(timeout: 60_000) != nil) }
        first.removeAll()
        #expect(
            eventually {
                publisher.publish([3])
                return (try? late.receive(timeout: 10)) == [3]
            })
        #expect(counter.count == 1 && counter.problem(at: .max / 2) == nil)
    }
}
