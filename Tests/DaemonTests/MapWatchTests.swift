import Messages
import SwiftProtobuf
import TestSupport
import Testing

extension DaemonTests {
    @Suite("A map whose file another program writes over")
    struct MapWatchTests {
        let bench: Bench
        let good: [UInt8]

        init() throws {
            bench = try Bench()
            good = Scratch.read(bench.files.file("map.hfmap"))
        }

        private func overwrite(_ bytes: [UInt8]) { bench.files.write("map.hfmap", bytes) }

        /// A byte of the last tensor is another.
        private var wrong: [UInt8] { good.dropLast() + [~good[good.count - 1]] }

        @Test("that is mapped is out of use at once, and in use again once the file is a good map and stands still")
        func mapped() throws {
            bench.change(["map_memory": "0"])
            try bench.start()
            try bench.frame(.localized(x: 1, keyframe: 1))
            overwrite(wrong)
            try bench.pass(seconds: 1)
            #expect(bench.machine.lines.last?.contains("another program has written over the map in use") == true)
            _ = try bench.poses()
            try bench.frame(.localized(x: 1, keyframe: 1))
            #expect(try bench.poses().map(\.state) == [.badMap])
            #expect(try bench.localizer.forgotten == 1)
            var status = try bench.status()
            #expect(status.state == .badMap && !status.place.cached)
            #expect(status.problems.map(\.kind).contains(.badMap))
            let refused = try bench.ask(
                .setPrior(.with { ($0.orientation.w, $0.positionSigmaM, $0.rotationSigmaRad) = (1, 1, 1) }))
            #expect(!refused.ok && refused.error.hasPrefix("set_prior: there is no map: "))

            // It stands still, is tried, and refused; it is not tried again while it stays the same.
            try bench.pass(seconds: 2)
            try bench.load()
            try bench.pass(seconds: 5)
            #expect(bench.machine.lines.filter { $0.hasPrefix("no map is in use: ") }.count == 1)
            #expect(bench.localizers.count == 1)

            overwrite(good)
            try bench.pass(seconds: 3)
            try bench.load()
            try bench.tick()
            try bench.step()
            try bench.tick()
            #expect(bench.localizers.count == 2)
            bench.localizers[1].answers = [.localized(x: 1, keyframe: 1)]
            bench.frames.script.append(.frame())
            try bench.step()
            try bench.pass(seconds: 1)
            status = try bench.status()
            #expect(status.state == .localized && status.problems.isEmpty)
        }

        @Test("that is a copy stays in use")
        func copied() throws {
            try bench.start()
            overwrite([1, 2, 3])
            try bench.pass(seconds: 3)
            try bench.frame(.localized(x: 1, keyframe: 1))
            let status = try bench.status()
            #expect(status.state == .localized && status.problems.isEmpty)
            #expect(!bench.machine.lines.contains { $0.contains("written over") })
        }
    }
}
