import Reporting
import Testing

@Suite("Numbers as text with a fixed number of decimals")
struct FixedTextTests {
    @Test(
        "rounded half away from zero, without an exponent, a sign only where digits follow",
        arguments: [
            (0, 0, "0"), (0, 3, "0.000"), (1, 0, "1"), (12.345, 1, "12.3"), (0.5, 0, "1"), (-0.5, 0, "-1"),
            (2.5, 0, "3"), (0.125, 2, "0.13"), (-0.004, 2, "0.00"), (-0.0, 2, "0.00"), (-12.3, 2, "-12.30"),
            (0.013, 3, "0.013"), (9.999, 2, "10.00"), (1e6, 1, "1000000.0"), (123_456_789.5, 3, "123456789.500"),
        ] as [(Double, Int, String)])
    func digits(value: Double, places: Int, text: String) {
        #expect(value.text(places) == text)
    }

    @Test("what is no number is named, and what has no such digits is written as it is")
    func extremes() {
        #expect(Double.nan.text(2) == "nan")
        #expect(Double.infinity.text(2) == "inf" && (-Double.infinity).text(2) == "-inf")
        #expect(1e20.text(2) == "1e+20" && (-1e300).text(0) == "-1e+300")
        #expect(Double.leastNonzeroMagnitude.text(3) == "0.000")
    }

    @Test("filled with spaces up to a width, never cut")
    func widths() {
        #expect("ab".padded(4) == "ab  " && "ab".aligned(4) == "  ab")
        #expect("abc".padded(3) == "abc" && "abcd".padded(3) == "abcd" && "abcd".aligned(0) == "abcd")
        #expect("±1".padded(4) == "±1  ")
    }
}
