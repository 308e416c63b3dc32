import Reporting
import Testing

@Suite("Dates in files")
struct UTCDateTests {
    @Test(
        "UTC to the second, as ISO 8601 writes it",
        arguments: [
            (0, "1970-01-01T00:00:00Z"), (951_782_399, "2000-02-28T23:59:59Z"), (951_782_400, "2000-02-29T00:00:00Z"),
            (1_795_370_400, "2026-11-22T18:00:00Z"), (-1, "1969-12-31T23:59:59Z"),
        ])
    func text(seconds: Int, text: String) {
        #expect(UTCDate.text(seconds) == text)
    }

    @Test("today is the day of now")
    func now() {
        let (before, today, after) = (UTCDate.now, UTCDate.today, UTCDate.now)
        #expect(today.count == 10 && before.hasPrefix(today) || after.hasPrefix(today))
    }
}
