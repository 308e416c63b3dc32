import Evaluation
import TestSupport
import Testing

@Suite("What a board is, and which size fits it")
struct BoardTests {
    private let root = TemporaryFolder()

    @Test("a Raspberry Pi: its name, its cores, its memory, how warm and how fast")
    func pi() {
        root.write("proc/device-tree/model", "Raspberry Pi 5 Model B Rev 1.0\0")
        let core = "processor\t: 0\nBogoMIPS\t: 108.00\nCPU part\t: 0xd0b\n\n"
        root.write("proc/cpuinfo", core + core + core + core + "Model\t\t: Raspberry Pi 5\n")
        root.write("proc/meminfo", "MemTotal:        8245632 kB\nMemFree:         1 kB\n")
        root.write("sys/class/thermal/thermal_zone0/temp", "54850\n")
        root.write("sys/class/thermal/thermal_zone0/type", "cpu-thermal\n")
        for (cpu, kilohertz) in [2_400_000, 1_500_000].enumerated() {
            root.write("sys/devices/system/cpu/cpu\(cpu)/cpufreq/scaling_cur_freq", "\(kilohertz)\n")
        }
        let board = Board(root: root.path)
        #expect(board.name == "Raspberry Pi 5 Model B Rev 1.0" && board.processor == "4 x 0xd0b")
        #expect(board.memory == 8245)
        #expect(board.condition.temperatures.map(\.zone) == ["cpu-thermal"])
        #expect(board.condition.temperatures.map(\.celsius) == [54.85])
        #expect(board.condition.frequencies == [2400, 1500])
        #expect(board.json.contains("\"memory_mb\": 8245"))
    }

    @Test("a machine that says nothing has no names, and a PC that of its processor")
    func others() {
        let silent = Board(root: root.path)
        #expect(silent.name == nil && silent.processor == nil && silent.memory == nil)
        #expect(
            silent.condition.frequencies.isEmpty && silent.condition.temperatures.isEmpty
                && silent.json.contains("null"))
        root.write("proc/cpuinfo", "processor\t: 0\nmodel name\t: Some CPU @ 3 GHz\n")
        #expect(Board(root: root.path).processor == "Some CPU @ 3 GHz")
    }

    private func recommendation(rate: Double, largest: Double) -> SizeRecommendation {
        var result = SizeRecommendation(rate: rate)
        for side in SizeRecommendation.longSides {
            let time = largest * Double(side * side) / (640 * 640)
            result.add(longSide: side, localBranch: time, network: 1.25 * time)
        }
        return result
    }

    @Test(
        "the largest size that leaves room in a frame's period",
        arguments: [(8.0, 30.0, 640), (20, 30, 512), (20, 10, 640), (50, 30, 320)])
    func fits(milliseconds: Double, rate: Double, side: Int) {
        let found = recommendation(rate: rate, largest: milliseconds)
        #expect(found.longSide == side)
        #expect(found.text.contains("--long-side \(side)") && found.rows.count == 5)
    }

    @Test("where none does, how many frames are localized")
    func none() {
        let found = recommendation(rate: 30, largest: 170)
        #expect(found.longSide == nil && found.json.contains("\"recommended_long_side\": null"))
        // A quarter of 170 over .6 is 71 ms; a frame's share of 33 ms is 23.
        #expect(found.text.contains("about every 4th frame"))
    }
}
