import Messages
import SwiftProtobuf
import Testing
import View

@Suite("What is shown of a pose")
struct FrameRowTests {
    private func localized(_ change: (inout Hfloc_V1_Localization) -> Void = { _ in }) -> Hfloc_V1_Localization {
        Hfloc_V1_Localization.with {
            ($0.sequence, $0.captureMonotonicNs, $0.state) = (9, 12_500_000_000, .localized)
            $0.pose.position = Hfloc_V1_Vector3.with { ($0.x, $0.y, $0.z) = (1, 2, 3) }
            // The camera looks along the map's y axis: x right is the map's x, y down is the map's -z.
            $0.pose.orientation = Hfloc_V1_Quaternion.with { ($0.w, $0.x) = (0.5.squareRoot(), -0.5.squareRoot()) }
            $0.pose.covariance = (0..<36).map { $0 == 0 ? 4 : $0 == 7 ? 1 : 0 }
            change(&$0)
        }
    }

    @Test("A camera that looks along y has a heading of 90 degrees")
    func heading() throws {
        let row = FrameRow(localized())
        #expect(abs(try #require(row.heading) - .pi / 2) < 1e-12)
        #expect(row.position == SIMD3(1, 2, 3) && row.time == 12.5 && row.state == "LOCALIZED")
    }

    @Test("A vehicle's heading is its own x axis")
    func vehicle() throws {
        let row = FrameRow(
            localized {
                $0.basePose.position = Hfloc_V1_Vector3.with { $0.x = -5 }
                // A quarter turn to the left.
                $0.basePose.orientation = Hfloc_V1_Quaternion.with {
                    ($0.w, $0.z) = (0.5.squareRoot(), 0.5.squareRoot())
                }
            })
        #expect(abs(try #require(row.heading) - .pi / 2) < 1e-12)
        #expect(row.position == SIMD3(-5, 0, 0))
    }

    @Test("The ellipse has 95 % of the positions: its longer axis turns with the covariance")
    func ellipse() throws {
        let flat = try #require(FrameRow(localized()).ellipse)
        #expect(abs(flat.axes.x - 2 * 5.991464547.squareRoot()) < 1e-6)
        #expect(abs(flat.axes.y - 5.991464547.squareRoot()) < 1e-6 && abs(flat.angle) < 1e-12)
        // The same, turned by 30 degrees: R diag(4, 1) R'.
        let (c, s) = (3.squareRoot() / 2, 0.5)
        let turned = try #require(
            FrameRow(
                localized {
                    $0.pose.covariance[0] = 4 * c * c + s * s
                    $0.pose.covariance[1] = 3 * c * s
                    $0.pose.covariance[6] = 3 * c * s
                    $0.pose.covariance[7] = 4 * s * s + c * c
                }
            ).ellipse)
        #expect(abs(turned.angle - .pi / 6) < 1e-12 && abs(turned.axes.x - flat.axes.x) < 1e-9)
    }

    @Test("Numbers that are none are no pose", arguments: [Double.nan, .infinity])
    func broken(_ value: Double) {
        let row = FrameRow(localized { $0.pose.position.x = value })
        #expect(row.position == nil && !row.json.encoded.contains("nan") && !row.json.encoded.contains("inf"))
        #expect(FrameRow(localized { $0.pose.covariance[0] = value }).ellipse == nil)
    }

    @Test("A lost frame has no place, and says why")
    func lost() {
        let row = FrameRow(
            Hfloc_V1_Localization.with {
                ($0.state, $0.reason) = (.noCamera, "unplugged \"cam0\"")
                $0.evidence.failedGate = .inlierRatio
            })
        #expect(row.json.encoded.contains(#""s":"NO_CAMERA""#) && row.json.encoded.contains(#""g":"INLIER_RATIO""#))
        #expect(row.json.encoded.contains(#""r":"unplugged \"cam0\"""#) && !row.json.encoded.contains(#""p":"#))
    }
}
