package import Errors

extension TargetPage {
    /// The page as a file of this name holds it.
    ///
    /// - Throws: ``Failure``: the name ends neither in .pdf nor in .svg.
    package func text(forFile path: String) throws(Failure) -> String {
        if path.lowercased().hasSuffix(".pdf") { return pdf }
        if path.lowercased().hasSuffix(".svg") { return svg }
        throw Failure(.usage, "--output: '\(path)' ends neither in .pdf nor in .svg")
    }

    /// What to do with the page of `board`, now that it is in a file.
    package static func instructions(_ board: Board, path: String) -> String {
        let size = board.size * 1000
        return """
            \(path): \(board), pattern \(shortTenths(size.x)) x \(shortTenths(size.y)) mm. Print it at 100 % \
            (no "fit to page"), glue it on a flat stiff plate, measure it, and check the measure with --verify.
            """
    }
}

extension PrintCheck {
    /// That the board is true to scale, as a line.
    ///
    /// - Throws: ``Failure`` if it is not, with what to do.
    package func confirmation() throws -> String {
        let percent = shortTenths(ratio * 100)
        guard isTrue else {
            throw Failure(
                .badData,
                """
                the printed board is \(percent) % of what was drawn. Either calibrate with --board \(try printed()), \
                or print again at 100 % ("actual size", no "fit to page"; if it already was, \
                at \(shortTenths(100 / ratio)) %)
                """)
        }
        return "true to scale: \(percent) % of what was drawn, within what a ruler tells; use --board \(board)"
    }
}

/// One decimal, none if it is zero.
private func shortTenths(_ value: Double) -> String {
    let text = tenths(value)
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
}
