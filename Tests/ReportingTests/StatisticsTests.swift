import Reporting
import Testing

@Suite("Order statistics, and the table of times")
struct StatisticsTests {
    @Test("an empty sample has none")
    func empty() {
        let none = Statistics([])
        #expect(none.median == nil && none.maximum == nil && none.quantile(0.5) == nil)
    }

    @Test("the middle value, or the mean of the two in the middle")
    func median() {
        #expect(Statistics([7]).median == 7)
        #expect(Statistics([3, 1, 2]).median == 2)
        #expect(Statistics([4, 1, 3, 2]).median == 2.5)
    }

    @Test("a quantile is a value of the sample: the smallest that the share does not exceed")
    func quantiles() {
        let hundred = Statistics((1...100).reversed().map(Double.init))
        #expect(hundred.quantile(0) == 1 && hundred.quantile(0.01) == 1 && hundred.quantile(0.011) == 2)
        #expect(hundred.quantile(0.99) == 99 && hundred.quantile(1) == 100 && hundred.maximum == 100)
        let one = Statistics([5])
        #expect(one.quantile(0) == 5 && one.quantile(0.99) == 5 && one.quantile(1) == 5)
        #expect(hundred.quantile(-1) == 1 && hundred.quantile(2) == 100)
    }

    @Test("a table without samples is its head; names come in order of appearance")
    func table() {
        var table = TimingTable()
        #expect(table.text == head && table.json == "{}")
        table.note("two runs")
        table.add("second to come", 2)
        table.add("a", 1.005)
        table.add("a", 3)
        #expect(
            table.text == """
                two runs
                \(head)
                second to come                                 1     2.00     2.00     2.00     2.00
                a                                              2     1.00     2.00     3.00     3.00
                """)
        #expect(
            table.json == #"{"second to come": {"n": 1, "min": 2.0, "median": 2.0, "p99": 2.0, "max": 2.0}, "#
                + #""a": {"n": 2, "min": 1.005, "median": 2.0025, "p99": 3.0, "max": 3.0}}"#)
    }

    private let head = "milliseconds                                   n      min   median      p99      max"
}
