internal import Reporting

/// The page of the live calibration: one file, no resources from elsewhere.
enum LivePage {
    static let html = """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Camera calibration</title>
        <link rel="icon" href="data:,">
        <style>
        \(PageStyle.tokens)
        \(style)
        </style>
        </head>
        <body>
        \(body)
        <script>
        \(LivePage.script)
        </script>
        </body>
        </html>
        """

    /// What the browser may load and run: only what stands in the page, and this server's answers.
    static let policy =
        "Content-Security-Policy: default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; "
        + "script-src 'unsafe-inline'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

    private static let body = """
        <header>
          <div class="hint" aria-live="polite"><h1 id="hint">Connecting…</h1><p id="detail">&nbsp;</p></div>
          <div class="actions">
            <button id="undo" title="Let go of the newest view">Undo</button>
            <button id="take" title="Take this view as it is">Take now</button>
            <button id="finish" class="primary">Finish</button>
          </div>
        </header>
        <main>
          <figure id="stage">
            <img id="video" alt="The camera's image">
            <svg id="overlay" aria-hidden="true">
              <g id="heat"></g><g id="taken"></g>
              <polygon id="nextHalo"></polygon><polygon id="next"></polygon>
              <polygon id="board"></polygon><g id="corners"></g>
            </svg>
            <div id="flash"></div>
            <figcaption>
              <span><i class="key dashed"></i>hold the board here</span>
              <span><i class="key found"></i>found</span>
              <span><i class="key heat"></i>covered</span>
              <label><input type="checkbox" id="showHeat" checked> heat map</label>
              <label><input type="checkbox" id="automatic" checked> take views by itself</label>
            </figcaption>
          </figure>
          <aside>
            <section id="done" hidden>
              <h2>Finished</h2>
              <p id="summary"></p>
              <p><a id="report" href="/report.html">Open the report</a><br>
                <a id="file" href="/camera.yaml" download="camera.yaml">Download the camera file</a></p>
            </section>
            <section>
              <h2>Views</h2>
              <div class="bar"><span>Taken</span><b id="viewsText">0</b><div><i id="views"></i></div></div>
              <div class="bar"><span>Position</span><b id="positionText">0 %</b><div><i id="position"></i></div></div>
              <div class="bar"><span>Size</span><b id="sizeText">0 %</b><div><i id="size"></i></div></div>
              <div class="bar"><span>Tilt</span><b id="tiltText">0 %</b><div><i id="tilt"></i></div></div>
            </section>
            <section>
              <h2>Result so far</h2>
              <p class="big"><b id="uncertainty">–</b> <span>px</span></p>
              <p class="note">uncertainty: 95 % of the image lies below it</p>
              <svg id="history" viewBox="0 0 300 48" preserveAspectRatio="none" aria-hidden="true">
                <polyline></polyline>
              </svg>
              <dl>
                <dt>RMS error</dt><dd id="rms">–</dd>
                <dt>Focal length</dt><dd id="focal">–</dd>
                <dt>Principal point</dt><dd id="centre">–</dd>
              </dl>
              <p class="note" id="problem"></p>
            </section>
            <section class="quiet">
              <h2>Camera</h2>
              <p id="camera">–</p>
              <ul id="controls"></ul>
            </section>
          </aside>
        </main>
        """

    private static let style = """
        body { display: flex; flex-direction: column; min-height: 100vh; }
        header { display: flex; gap: 24px; align-items: center; padding: 20px 28px 16px; }
        .hint { flex: 1; min-width: 0; }
        h1 { font-size: clamp(22px, 2.6vw, 34px); line-height: 1.15; margin: 0; letter-spacing: -0.015em;
          font-weight: 620; }
        .hint p { margin: 4px 0 0; color: var(--soft); min-height: 1.5em; }
        .actions { display: flex; gap: 8px; }
        button { font: inherit; font-weight: 550; color: var(--ink); background: var(--card);
          border: 1px solid var(--line); border-radius: 8px; padding: 9px 16px; cursor: pointer; }
        button:hover { border-color: var(--soft); } button:disabled { opacity: .45; cursor: default; }
        button:focus-visible, input:focus-visible, a:focus-visible { outline: 2px solid var(--accent);
          outline-offset: 2px; }
        .primary { background: var(--accent); border-color: var(--accent); color: var(--onAccent); }
        main { display: flex; gap: 24px; padding: 0 28px 28px; flex: 1; align-items: flex-start; }
        figure { margin: 0; flex: 1; min-width: 0; position: relative; }
        #video { display: block; width: 100%; max-height: calc(100vh - 170px); object-fit: contain;
          object-position: left top; border-radius: 10px; background: #000; aspect-ratio: 4/3; }
        #overlay { position: absolute; left: 0; top: 0; pointer-events: none; overflow: hidden; border-radius: 10px; }
        #overlay polygon { fill: none; vector-effect: non-scaling-stroke; stroke-linejoin: round; }
        #nextHalo { stroke: rgba(0,0,0,.55); stroke-width: 6; }
        #next { stroke: #ffd166; stroke-width: 3; stroke-dasharray: 12 8; }
        #board { stroke: #3ddc97; stroke-width: 2; }
        #corners circle { fill: #3ddc97; stroke: rgba(0,0,0,.6); stroke-width: 1; vector-effect: non-scaling-stroke; }
        #taken polygon { stroke: rgba(255,255,255,.28); stroke-width: 1; }
        #heat rect { fill: #4da3ff; }
        .noheat #heat, .noheat #taken { display: none; }
        #flash { position: absolute; inset: 0 0 auto 0; border-radius: 10px; pointer-events: none; opacity: 0;
          background: #fff; }
        #flash.on { animation: flash .45s ease-out; } @keyframes flash { from { opacity: .4; } to { opacity: 0; } }
        @media (prefers-reduced-motion: reduce) { #flash.on { animation: none; } }
        figcaption { display: flex; flex-wrap: wrap; gap: 6px 20px; padding-top: 10px; color: var(--soft);
          font-size: 13px; }
        figcaption label { cursor: pointer; } figcaption label:first-of-type { margin-left: auto; }
        .key { display: inline-block; width: 18px; height: 0; border-top: 3px solid; vertical-align: middle;
          margin-right: 7px; }
        .key.dashed { border-top-style: dashed; color: #d69e00; }
        .key.found { color: #1fae73; }
        .key.heat { height: 10px; border: 0; background: #4da3ff; opacity: .55; border-radius: 2px; }
        aside { width: 300px; flex: none; display: flex; flex-direction: column; gap: 14px; }
        section { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 16px 18px; }
        h2 { font-size: 13px; font-weight: 600; color: var(--soft); margin: 0 0 10px; }
        .bar { display: grid; grid-template-columns: 1fr auto; gap: 4px; margin-top: 10px; }
        .bar b { font-weight: 550; font-variant-numeric: tabular-nums; color: var(--soft); }
        .bar div { grid-column: 1 / 3; height: 8px; border-radius: 4px; background: var(--line); overflow: hidden; }
        .bar i { display: block; height: 100%; width: 0; border-radius: 4px; background: var(--accent);
          transition: width .3s; }
        .bar.full i { background: var(--good); }
        .bar.full b { color: var(--good); }
        .big { margin: 0; }
        .big b { font-size: 40px; font-weight: 620; letter-spacing: -0.02em; font-variant-numeric: tabular-nums; }
        .big span { color: var(--soft); }
        .note { color: var(--soft); font-size: 13px; margin: 0; }
        .note:empty { display: none; }
        #problem { margin-top: 8px; }
        #history { width: 100%; height: 48px; margin: 12px 0 10px; display: block; }
        #history polyline { fill: none; stroke: var(--accent); stroke-width: 2; vector-effect: non-scaling-stroke; }
        dl { display: grid; grid-template-columns: auto 1fr; gap: 5px 12px; margin: 0; }
        dt { color: var(--soft); }
        dd { margin: 0; text-align: right; font-variant-numeric: tabular-nums; }
        #done p { margin: 0 0 8px; overflow-wrap: anywhere; } a { color: var(--accent); }
        .quiet p, .quiet ul { margin: 0; font-size: 13px; color: var(--soft); }
        .quiet ul { padding-left: 18px; margin-top: 6px; }
        @media (max-width: 900px) {
          main { flex-direction: column; padding: 0 16px 20px; }
          header { flex-wrap: wrap; padding: 16px; gap: 12px; }
          .hint { flex-basis: 100%; }
          aside { width: 100%; }
          figure { width: 100%; }
        }
        /* A small telephone: when all is done, the result counts and not the picture. */
        @media (max-width: 900px) and (max-height: 700px) and (orientation: portrait) {
          body[data-phase="done"] #video { max-height: 22vh; }
        }
        /* A telephone on its side: the picture as high as the screen, all else beside it. */
        @media (max-height: 520px) and (orientation: landscape) {
          header { flex-wrap: nowrap; padding: 8px 14px; gap: 12px; }
          .hint { flex-basis: auto; }
          .hint p { font-size: 12px; margin: 0; }
          h1 { font-size: 17px; }
          button { padding: 5px 10px; }
          main { flex-direction: row; padding: 0 14px 8px; gap: 14px; }
          #video { max-height: calc(100vh - 98px); }
          figcaption { font-size: 12px; }
          aside { width: 230px; max-height: calc(100vh - 72px); overflow-y: auto; gap: 8px; }
          section { padding: 8px 12px; }
        }
        """
}
