/// How a report looks, on a screen and on paper.
package enum ReportStyle {
    package static let css = """
        main { max-width: 1120px; margin: 0 auto; padding: 40px 28px 64px; }
        .kicker { color: var(--soft); margin: 0 0 14px; font-size: 14px; }
        .lead { display: flex; gap: 36px; align-items: center; }
        .lead > div { max-width: 62ch; } .lead p { margin: 0; } .lead div p { color: var(--soft); }
        .headline { font-size: 24px; color: var(--soft); white-space: nowrap; }
        .headline b { font-size: 84px; line-height: 1; font-weight: 640; letter-spacing: -0.035em; color: var(--ink);
          font-variant-numeric: tabular-nums; }
        h1 { font-size: 24px; margin: 0 0 4px; font-weight: 620; letter-spacing: -0.01em; }
        .grade.good { color: var(--good); } .grade.usable { color: var(--accent); } .grade.weak { color: var(--warn); }
        .facts { display: grid; grid-template-columns: repeat(6, auto); gap: 0; margin: 28px 0 0;
          border-top: 1px solid var(--line); border-bottom: 1px solid var(--line); }
        .facts div { padding: 12px 16px 12px 0; }
        dt { font-size: 13px; color: var(--soft); }
        dd { margin: 0; font-variant-numeric: tabular-nums; font-weight: 550; white-space: nowrap; }
        section { margin-top: 44px; }
        h2 { font-size: 20px; font-weight: 620; letter-spacing: -0.01em; margin: 0 0 4px; }
        h3 { font-size: 15px; font-weight: 600; margin: 20px 0 4px; }
        .note { color: var(--soft); max-width: 82ch; margin: 0 0 16px; }
        .two { display: grid; grid-template-columns: minmax(0, 1.25fr) minmax(0, 1fr); gap: 32px; align-items: start; }
        figure { margin: 0; }
        .small { max-width: 360px; }
        figcaption { color: var(--soft); font-size: 13px; margin-top: 6px; }
        .advice { list-style: none; padding: 0; margin: 12px 0 0; max-width: 90ch; }
        .advice li { padding: 10px 0 10px 16px; border-left: 3px solid var(--accent); margin-bottom: 8px; }
        .advice .warning { border-color: var(--warn); }
        .advice b { margin-right: 6px; color: var(--accent); }
        .advice .warning b { color: var(--warn); }
        table { border-collapse: collapse; width: 100%; }
        th { text-align: left; font-weight: 400; color: var(--soft); }
        td { text-align: right; font-variant-numeric: tabular-nums; }
        th, td { padding: 6px 12px 6px 0; border-bottom: 1px solid var(--line); vertical-align: top; }
        thead th:not(:first-child) { text-align: right; }
        thead th { font-size: 13px; }
        .strong th, .strong td { color: var(--ink); font-weight: 620; }
        .text { text-align: left; overflow-wrap: anywhere; }
        .hash { font: 12px/1.7 ui-monospace, monospace; }
        pre { margin: 0; padding: 14px 16px; background: var(--card); border: 1px solid var(--line); border-radius: 8px;
          font: 12.5px/1.6 ui-monospace, "DejaVu Sans Mono", monospace; overflow: auto; }
        .after { color: var(--soft); font-size: 13px; } .two h3:first-child { margin-top: 0; }
        details { margin-top: 14px; } summary { cursor: pointer; color: var(--accent); padding: 4px 0; }
        .plot { width: 100%; height: auto; display: block; border-radius: 6px;
          font: 12px system-ui, "DejaVu Sans", sans-serif; }
        .frame { fill: none; stroke: var(--line); }
        .contour { fill: none; stroke: rgba(15, 35, 60, .55); stroke-width: 1.2; }
        .contour.light { stroke: rgba(255, 255, 255, .7); }
        .level { fill: #10263f; font-weight: 600; font-size: 13px; text-anchor: middle; paint-order: stroke;
          stroke: rgba(255, 255, 255, .75); stroke-width: 3px; }
        .level.light { fill: #fff; stroke: rgba(8, 30, 62, .7); }
        .residual { stroke: var(--soft); stroke-width: 1; opacity: .75; }
        .mean { stroke: var(--accent); stroke-width: 3; stroke-linecap: round; }
        .rejected { fill: none; stroke: var(--bad); stroke-width: 1.5; }
        .column { fill: var(--accent); opacity: .45; }
        .curve { fill: none; stroke: var(--ink); stroke-width: 1.5; }
        .axis { stroke: var(--line); }
        .tick { fill: var(--soft); text-anchor: middle; }
        .tick.left { text-anchor: start; }
        .hatch { stroke: var(--soft); stroke-width: 2; opacity: .45; }
        .empty { fill: url(#none); }
        .seen { fill: #0b2f57; opacity: .55; }
        .ring { fill: none; stroke: var(--line); }
        .dot { fill: var(--accent); fill-opacity: .75; stroke: var(--paper); }
        .cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(200px, 1fr)); gap: 20px 18px; }
        article svg { display: block; width: 100%; border-radius: 6px; background: var(--line); }
        article h3 { margin: 8px 0 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
        article p { margin: 0; font-size: 13px; color: var(--soft); font-variant-numeric: tabular-nums; }
        article b { color: var(--bad); font-weight: 600; }
        .used { fill: #2fd48e; stroke: rgba(0, 0, 0, .5); stroke-width: .6; }
        .dropped { fill: #ff4d42; stroke: #fff; stroke-width: .6; }
        .out { opacity: .8; }
        .noimage { fill: var(--card); }
        @media (max-width: 820px) {
          .two { grid-template-columns: minmax(0, 1fr); gap: 20px; }
          table { display: block; overflow-x: auto; }
          dd, .headline { white-space: normal; overflow-wrap: anywhere; }
          .lead { flex-direction: column; align-items: flex-start; gap: 12px; }
          .facts { grid-template-columns: repeat(2, minmax(0, 1fr)); }
          main { padding: 24px 16px 40px; }
          .headline b { font-size: 64px; }
        }
        @media print {
          :root { --paper: #fff; }
          main { max-width: none; padding: 0; }
          section, article { break-inside: avoid; }
        }
        """
}

/// What the live page and the report share: type and colours, light and dark.
package enum PageStyle {
    package static let tokens = """
        :root { color-scheme: light dark; --paper: #f7f7f5; --card: #ffffff; --ink: #1b1d21; --soft: #666b73;
          --line: #e2e2de; --accent: #1769c2; --onAccent: #ffffff; --good: #16794c; --warn: #a85b00; --bad: #b3261e; }
        @media (prefers-color-scheme: dark) {
          :root { --paper: #131519; --card: #1b1e23; --ink: #eceef1; --soft: #9aa1ab; --line: #2d3138;
            --accent: #6cb0ff; --onAccent: #0b1a2b; --good: #4cc98c; --warn: #f0a84a; --bad: #ff8a80; }
        }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--paper); color: var(--ink);
          font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif; }
        """
}
