internal import FlyingSocks

/// News for one page, for as long as it listens: fifteen times a second at most. What a slow page has not taken yet
/// waits on the board, not here.
struct EventStream: AsyncBufferedSequence {
    typealias Element = UInt8

    let board: Board
    /// What a page is told first.
    let greeting: String

    func makeAsyncIterator() -> Iterator { Iterator(news: News(board), greeting: greeting) }

    struct Iterator: AsyncBufferedIteratorProtocol {
        fileprivate var news: News
        fileprivate var greeting: String
        private var quiet = 0

        /// Between looks at the board, milliseconds.
        private static let period = 66
        /// Looks without news, after which a comment shows that the connection lives: a second.
        private static let patience = 15

        fileprivate init(news: News, greeting: String) {
            (self.news, self.greeting) = (news, greeting)
        }

        mutating func next() async throws -> UInt8? { nil }

        mutating func nextBuffer(suggested count: Int) async throws -> [UInt8]? {
            if !greeting.isEmpty {
                defer { greeting = "" }
                return Array(greeting.utf8)
            }
            while true {
                try await Task.sleep(for: .milliseconds(Self.period))
                let text = news.next()
                if !text.isEmpty {
                    quiet = 0
                    return Array(text.utf8)
                }
                quiet += 1
                guard quiet >= Self.patience else { continue }
                quiet = 0
                return Array(": \n\n".utf8)
            }
        }
    }
}
