import Messages
import SwiftProtobuf
import Testing
import View

@Suite("What a page has missed")
struct FrameLogTests {
    private func row(_ sequence: UInt64) -> FrameRow {
        FrameRow(Hfloc_V1_Localization.with { $0.sequence = sequence })
    }

    @Test("Frames are numbered from 0, and there from any number on as long as they are kept")
    func ring() {
        var log = FrameLog()
        #expect(log.rows(from: 0).isEmpty && log.last == nil)
        for sequence in 1...UInt64(FrameLog.capacity + 10) { log.append(row(sequence)) }
        #expect(log.next == FrameLog.capacity + 10)
        #expect(log.rows(from: log.next - 2).map(\.sequence) == [log.next - 1, log.next].map { UInt64($0) })
        #expect(log.rows(from: 0).count == FrameLog.capacity)
        #expect(log.rows(from: 0).first?.sequence == 11)
        #expect(log.rows(from: log.next).isEmpty)
        #expect(log.rows(from: .max).isEmpty)
    }

    @Test("News are told once, and anew after a restart of the daemon")
    func news() {
        let board = Board()
        var news = News(board)
        func say(_ sequence: UInt64, session: UInt64) {
            board.take(
                Hfloc_V1_Localization.with {
                    ($0.sequence, $0.sessionID, $0.state) = (sequence, session, .lost)
                    $0.publishMonotonicNs = sequence * 1_000_000
                })
        }
        say(1, session: 7)
        say(2, session: 7)
        let first = news.next()
        #expect(first.contains("event: restart") && first.contains("\"n\":1,") && first.contains("\"n\":2,"))
        #expect(news.next().isEmpty)
        say(3, session: 7)
        let second = news.next()
        #expect(second.contains("\"n\":3,") && !second.contains("\"n\":2,") && !second.contains("restart"))
        say(1, session: 8)
        let third = news.next()
        #expect(third.contains("event: restart") && third.contains("\"n\":1,") && !third.contains("\"n\":3,"))
    }

    @Test("A message that is sent again for somebody who came late is no frame")
    func retained() {
        let board = Board()
        var message = Hfloc_V1_Localization.with { ($0.sequence, $0.sessionID) = (5, 1) }
        board.take(message)
        message.retained = true
        board.take(message)
        var news = News(board)
        #expect(news.next().split(separator: "\"n\":5,", omittingEmptySubsequences: false).count == 2)
    }

    @Test("Nobody looks, somebody looks")
    func watched() {
        let board = Board()
        #expect(!board.isWatched)
        var news = News(board)
        _ = news.next()
        #expect(board.isWatched)
    }
}
