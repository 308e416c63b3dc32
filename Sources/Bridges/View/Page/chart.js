// The last minute: states with the gates that failed, inliers, latency.
const SPAN = 60;             // seconds
const MOST = 4000;

export class Chart {
  constructor(canvas, tip, colourOf) {
    Object.assign(this, { canvas, tip, colourOf, rows: [], cursor: null });
    new ResizeObserver(() => this.ask()).observe(canvas);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.ask());
    canvas.addEventListener("pointermove", e => { this.cursor = e.offsetX; this.ask(); });
    canvas.addEventListener("pointerleave", () => { this.cursor = null; this.ask(); });
    canvas.addEventListener("blur", () => { this.cursor = null; this.ask(); });
    canvas.addEventListener("keydown", e => {
      const step = { ArrowLeft: -8, ArrowRight: 8 }[e.key];
      if (!step) return;
      e.preventDefault(); e.stopPropagation();
      this.cursor = Math.min(canvas.clientWidth, Math.max(0, (this.cursor ?? canvas.clientWidth) + step));
      this.ask();
    });
  }

  restart() { this.rows = []; this.ask(); }

  add(rows) {
    this.rows.push(...rows);
    const first = this.rows.at(-1).t - SPAN - 1;
    const from = this.rows.findIndex(row => row.t >= first);
    this.rows.splice(0, Math.max(from, this.rows.length - MOST));
    this.ask();
  }

  ask() {
    if (this.isAsked) return;
    this.isAsked = true;
    requestAnimationFrame(() => { this.isAsked = false; this.draw(); });
  }

  draw() {
    const ratio = devicePixelRatio || 1, { canvas, rows } = this;
    const width = canvas.clientWidth, height = canvas.clientHeight;
    canvas.width = Math.max(1, width * ratio); canvas.height = Math.max(1, height * ratio);
    const context = canvas.getContext("2d"), style = getComputedStyle(document.documentElement);
    const known = {}, ink = name => known[name] ??= style.getPropertyValue(name).trim();
    const font = parseFloat(style.fontSize);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.font = `${0.78 * font}px system-ui, "DejaVu Sans", sans-serif`;
    const left = 5.4 * font, right = width - 0.8 * font, line = 1.15 * font;
    const end = rows.at(-1)?.t ?? 0, x = t => right - (end - t) / SPAN * (right - left);
    const strip = { top: 0.6 * font, height: 1.3 * font };
    const room = (height - strip.top - strip.height - line - 1.9 * font) / 2;
    const first = { top: strip.top + strip.height + line, height: room };
    const second = { top: first.top + room + 0.7 * font, height: room };
    this.frame(context, ink, { left, right, end, x, strip, first, second, height, font });
    this.states(context, ink, strip, x, left, line);
    this.line(context, ink("--accent"), first, row => row.i, "inliers", "", left, right, x, ink, font);
    this.line(context, ink("--expected"), second, row => row.l, "latency", " ms", left, right, x, ink, font);
    this.point(context, ink, x, left, right, height);
  }

  frame(context, ink, { left, right, x, end, strip, first, second, height, font }) {
    context.strokeStyle = ink("--line"); context.fillStyle = ink("--soft"); context.lineWidth = 1;
    context.textBaseline = "middle"; context.textAlign = "right";
    context.fillText("state", left - 0.6 * font, strip.top + strip.height / 2);
    context.textAlign = "center"; context.textBaseline = "alphabetic";
    for (let s = 0; s <= SPAN; s += 10) {
      const at = x(end - s);
      context.beginPath();
      context.moveTo(at, strip.top); context.lineTo(at, second.top + second.height);
      context.stroke();
      context.textAlign = s ? "center" : "right";
      context.fillText(s ? `−${s} s` : "now", at, height - 0.45 * font);
    }
  }

  // A stretch of one state and one gate is a bar, with the gate's name below it where there is room.
  states(context, ink, strip, x, left, line) {
    const rows = this.rows;
    let free = -1;
    for (let i = 0; i < rows.length;) {
      let j = i + 1;
      const isOn = j => rows[j].s === rows[i].s && rows[j].g === rows[i].g && rows[j].t - rows[j - 1].t < 2;
      while (j < rows.length && isOn(j)) j += 1;
      const from = Math.max(left, x(rows[i].t));
      // Until the next frame, if that comes soon.
      const until = j < rows.length && rows[j].t - rows[j - 1].t < 2 ? x(rows[j].t) : x(rows[j - 1].t) + 1;
      if (until > left) {
        context.fillStyle = ink(this.colourOf(rows[i].s));
        context.fillRect(from, strip.top, Math.max(1, until - from), strip.height);
        const name = rows[i].g ?? (rows[i].s === "LOCALIZED" ? "" : rows[i].s);
        const room = context.measureText(name).width;
        if (name && from > free && from + room < this.canvas.clientWidth) {
          context.textAlign = "left"; context.textBaseline = "middle";
          context.fillText(name, from, strip.top + strip.height + line / 2);
          free = from + room + 8;
        }
      }
      i = j;
    }
  }

  line(context, colour, band, value, name, unit, left, right, x, ink, font) {
    const seen = this.rows.filter(row => value(row) !== undefined).map(value).sort((a, b) => a - b);
    // One slow frame in a hundred would flatten all others.
    const top = nice((seen[Math.floor(seen.length * 0.99)] ?? 1) * 1.15 || 1);
    const y = v => band.top + band.height - Math.min(1, v / top) * band.height;
    context.strokeStyle = ink("--line");
    context.strokeRect(left, band.top, right - left, band.height);
    context.fillStyle = ink("--soft"); context.textAlign = "right"; context.textBaseline = "middle";
    context.fillText(`${top}${unit}`, left - 0.6 * font, band.top + 0.45 * font);
    context.fillText(name, left - 0.6 * font, band.top + band.height - 0.5 * font);
    context.strokeStyle = colour; context.lineWidth = 1.6;
    context.beginPath();
    let before = null;
    for (const row of this.rows) {
      const v = value(row), at = x(row.t);
      if (v === undefined || at < left) { before = null; continue; }
      if (before !== null && row.t - before < 2) context.lineTo(at, y(v)); else context.moveTo(at, y(v));
      before = row.t;
    }
    context.stroke();
  }

  // The frame under the pointer, in words.
  point(context, ink, x, left, right, height) {
    const { cursor, rows, tip } = this;
    const far = row => Math.abs(x(row.t) - cursor);
    const row = cursor === null ? null : rows.reduce((best, r) => best && far(best) < far(r) ? best : r, null);
    tip.hidden = !row;
    if (!row) return;
    const at = Math.min(right, Math.max(left, x(row.t)));
    context.strokeStyle = ink("--soft"); context.lineWidth = 1;
    context.beginPath(); context.moveTo(at, 0); context.lineTo(at, height - 20); context.stroke();
    tip.textContent = [
      `#${row.n}  ${row.s}${row.g ? "  " + row.g : ""}`, `${row.i} of ${row.m} matches, ${row.v} expected`,
      row.l === undefined ? "" : `${row.l.toFixed(1)} ms`, row.r ?? "",
    ].filter(Boolean).join("\n");
    const isRight = at > right / 2;
    tip.style.left = isRight ? "" : `${at + 12}px`;
    tip.style.right = isRight ? `${this.canvas.clientWidth - at + 12}px` : "";
  }
}

// The next round number.
function nice(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 1.2, 1.5, 2, 3, 4, 5, 6, 8, 10].map(m => +(m * power).toPrecision(2)).find(m => m >= value) ?? value;
}
