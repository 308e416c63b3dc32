/// What the live page and the report share: type and colours, light and dark.
enum PageStyle {
    static let tokens = """
        :root { color-scheme: light dark; --paper: #f7f7f5; --card: #ffffff; --ink: #1b1d21; --soft: #666b73; --line: #e2e2de;
          --accent: #1769c2; --onAccent: #ffffff; --good: #16794c; --warn: #a85b00; --bad: #b3261e; }
        @media (prefers-color-scheme: dark) { :root { --paper: #131519; --card: #1b1e23; --ink: #eceef1; --soft: #9aa1ab; --line: #2d3138;
          --accent: #6cb0ff; --onAccent: #0b1a2b; --good: #4cc98c; --warn: #f0a84a; --bad: #ff8a80; } }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--paper); color: var(--ink);
          font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif; }
        """
}
