/// How the report of a map differs from the other reports.
enum MapPageStyle {
    static let css = """
        .grade.bad { color: var(--bad); }
        .plan { background: var(--card); }
        .landmarks { stroke: var(--soft); stroke-width: 1.6; stroke-linecap: round; opacity: .38; fill: none; }
        .drive { stroke: var(--accent); stroke-width: 1.2; opacity: .55; fill: none; }
        .loop { stroke: var(--warn); stroke-width: 1.6; fill: none; stroke-dasharray: 5 3; }
        .sound { fill: var(--good); background: var(--good); }
        .doubtful { fill: var(--warn); background: var(--warn); }
        .missing { fill: var(--bad); background: var(--bad); }
        .untried { fill: var(--soft); background: var(--soft); }
        .loops { background: var(--warn); border-radius: 0 !important; height: 3px !important; width: 18px !important; }
        .bar { stroke: var(--ink); stroke-width: 2; fill: none; }
        .few { fill: var(--bad); }
        .tick.right { text-anchor: end; }
        .legend { color: var(--soft); font-size: 13px; margin: 8px 0 0; }
        .legend span { display: inline-block; width: 10px; height: 10px; border-radius: 5px; margin: 0 4px 0 12px;
          vertical-align: middle; }
        .legend span:first-child { margin-left: 0; }
        article img { display: block; width: 100%; border-radius: 6px; background: var(--line); }
        article .noimage { aspect-ratio: 4 / 3; border-radius: 6px; }
        figure + figure { margin-top: 20px; } .two figure + figure { margin-top: 0; }
        article h3, th, .text { overflow-wrap: anywhere; }
        @media (max-width: 820px) {
          .plot .tick { font-size: 24px; } .plan { min-height: 240px; }
          pre { white-space: pre-wrap; overflow-wrap: anywhere; }
        }
        """
}
