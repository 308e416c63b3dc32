// The map from above: landmarks on one canvas, keyframes, trail and vehicle on another above it.
import { Tiles } from "./tiles.js";

// Low to high, each readable on its ground.
const RAMPS = {
  light: ["#3a1c7a", "#31509f", "#1c7c94", "#25935c", "#7f9a10", "#c08a00"],
  dark: ["#6a62e8", "#4a8fe0", "#35b6b8", "#62cf80", "#c6dc4e", "#fdf08a"],
};
const SESSIONS = ["#1f77b4", "#ff7f0e", "#2ca02c", "#d62728", "#9467bd", "#8c564b", "#e377c2", "#17becf"];
const isDark = matchMedia("(prefers-color-scheme: dark)");
const theme = () => isDark.matches ? "dark" : "light";
// Of the trail: points, and seconds between two of them. Twenty minutes in half a megabyte.
const MOST_TRAIL = 6000, TRAIL_STEP = 0.2;

const byte = (hex, at) => parseInt(hex.slice(at, at + 2), 16);
const pack = (r, g, b) => (255 << 24 | b << 16 | g << 8 | r) >>> 0;

// 256 colours between those of a list.
function ramp(colours) {
  return Uint32Array.from({ length: 256 }, (_, i) => {
    const place = i / 255 * (colours.length - 1), low = Math.min(colours.length - 2, Math.floor(place));
    const share = place - low;
    const mix = at => Math.round(byte(colours[low], at) * (1 - share) + byte(colours[low + 1], at) * share);
    return pack(mix(1), mix(3), mix(5));
  });
}

const cycle = Uint32Array.from({ length: 256 }, (_, i) => {
  const hex = SESSIONS[i % SESSIONS.length];
  return pack(byte(hex, 1), byte(hex, 3), byte(hex, 5));
});

export class MapView {
  constructor(landmarks, overlay, colourOf) {
    Object.assign(this, { landmarks, overlay, colourOf });
    Object.assign(this, { scale: 20, x: 0, y: 0, follows: true, bySession: false, trail: [], row: null, map: null });
    this.tiles = null;
    this.heights = { light: ramp(RAMPS.light), dark: ramp(RAMPS.dark) };
    this.isDirty = { landmarks: true, overlay: true };
    new ResizeObserver(() => this.resize()).observe(overlay);
    isDark.addEventListener("change", () => this.redraw());
    this.listen();
    this.resize();
  }

  // What is seen.

  show(map) {
    this.tiles?.close();
    this.map = map;
    this.tiles = new Tiles(map, () => { this.isDirty.landmarks = true; this.ask(); });
    this.fit();
  }

  restart() { this.trail = []; this.row = null; this.redraw(); }

  add(rows) {
    for (const row of rows) {
      this.row = row;
      const end = this.trail.at(-1);
      if (row.p) {
        this.last = row;
        const isDue = !end?.p || row.s !== end.s || Math.abs(row.t - end.t) >= TRAIL_STEP;
        if (isDue) this.trail.push({ t: row.t, p: row.p, s: row.s });
      } else if (end?.p) this.trail.push({ s: row.s });
    }
    if (this.trail.length > MOST_TRAIL) this.trail.splice(0, this.trail.length - MOST_TRAIL);
    this.keepInView();
    this.isDirty.overlay = true;
    this.ask();
  }

  // Moves the map only when the vehicle leaves its middle: a map that always moves cannot be read.
  keepInView() {
    if (!this.follows || !this.row?.p) return;
    const [x, y] = this.row.p, w = this.width / this.scale, h = this.height / this.scale;
    if (Math.abs(x - this.x) < w / 4 && Math.abs(y - this.y) < h / 4) return;
    [this.x, this.y] = [x, y];
    this.isDirty.landmarks = true;
  }

  // Where most of the keyframes are; the landmarks' far outliers would make it small.
  fit() {
    const points = this.map ? this.map.keyframes : [];
    if (points.length) {
      const xs = points.filter((_, i) => i % 4 === 0), ys = points.filter((_, i) => i % 4 === 1);
      this.frame(Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys));
    } else if (this.last) this.frame(this.last.p[0], this.last.p[0], this.last.p[1], this.last.p[1]);
    this.setFollow(false);
    this.redraw();
  }

  frame(left, right, low, high) {
    const margin = Math.max(4, 0.12 * Math.max(right - left, high - low));
    this.x = (left + right) / 2; this.y = (low + high) / 2;
    this.scale = Math.min(this.width / (right - left + 2 * margin), this.height / (high - low + 2 * margin));
  }

  setFollow(value) {
    this.follows = value;
    this.onfollow?.(value);
    if (value && this.row?.p) { [this.x, this.y] = this.row.p; }
    this.redraw();
  }

  zoom(factor, at) {
    const px = at ? at[0] : this.width / 2, py = at ? at[1] : this.height / 2;
    const wx = this.x + (px - this.width / 2) / this.scale, wy = this.y - (py - this.height / 2) / this.scale;
    this.scale = Math.min(2000, Math.max(0.002, this.scale * factor));
    this.x = wx - (px - this.width / 2) / this.scale;
    this.y = wy + (py - this.height / 2) / this.scale;
    this.redraw();
  }

  pan(dx, dy) {
    this.x -= dx / this.scale; this.y += dy / this.scale;
    if (this.follows) this.setFollow(false);
    this.redraw();
  }

  // How it is moved.

  listen() {
    const canvas = this.overlay, pointers = new Map();
    canvas.addEventListener("wheel", e => {
      e.preventDefault();
      this.zoom(Math.exp(-e.deltaY * 0.0015), [e.offsetX, e.offsetY]);
    }, { passive: false });
    canvas.addEventListener("pointerdown", e => {
      canvas.setPointerCapture(e.pointerId);
      pointers.set(e.pointerId, [e.offsetX, e.offsetY]);
    });
    canvas.addEventListener("pointermove", e => {
      const before = pointers.get(e.pointerId);
      if (!before) return;
      const other = [...pointers].find(([id]) => id !== e.pointerId)?.[1];
      if (other) {
        const far = p => Math.hypot(p[0] - other[0], p[1] - other[1]) || 1;
        this.zoom(far([e.offsetX, e.offsetY]) / far(before), other);
      } else this.pan(e.offsetX - before[0], e.offsetY - before[1]);
      pointers.set(e.pointerId, [e.offsetX, e.offsetY]);
    });
    for (const end of ["pointerup", "pointercancel"]) {
      canvas.addEventListener(end, e => pointers.delete(e.pointerId));
    }
    canvas.addEventListener("keydown", e => {
      const step = { ArrowLeft: [80, 0], ArrowRight: [-80, 0], ArrowUp: [0, 80], ArrowDown: [0, -80] }[e.key];
      if (!step) return;
      e.preventDefault(); e.stopPropagation();
      this.pan(...step);
    });
  }

  // How it is drawn.

  resize() {
    this.ratio = devicePixelRatio || 1;
    this.width = Math.max(1, this.overlay.clientWidth); this.height = Math.max(1, this.overlay.clientHeight);
    for (const canvas of [this.landmarks, this.overlay]) {
      canvas.width = Math.round(this.width * this.ratio); canvas.height = Math.round(this.height * this.ratio);
    }
    this.redraw();
  }

  redraw() { this.isDirty = { landmarks: true, overlay: true }; this.ask(); }

  ask() {
    if (this.isAsked) return;
    this.isAsked = true;
    requestAnimationFrame(() => {
      this.isAsked = false;
      if (this.isDirty.landmarks) { this.drawLandmarks(); this.isDirty.overlay = true; }
      if (this.isDirty.overlay) this.drawOverlay();
      this.isDirty = { landmarks: false, overlay: false };
    });
  }

  meets(x, y, side) {
    const w = this.width / this.scale / 2, h = this.height / this.scale / 2;
    return x < this.x + w && x + side > this.x - w && y < this.y + h && y + side > this.y - h;
  }

  drawLandmarks() {
    const canvas = this.landmarks, context = canvas.getContext("2d");
    const { width, height } = canvas, scale = this.scale * this.ratio;
    const image = context.createImageData(width, height), pixels = new Uint32Array(image.data.buffer);
    const colours = this.bySession ? cycle : this.heights[theme()];
    // A point of one pixel is too small to be seen on a fine screen, or when few are left.
    const size = this.ratio > 1 || this.scale > 60 || width > 2200 ? 2 : 1;
    for (const tile of this.tiles?.visible(this) ?? []) {
      const left = (tile.x - this.x) * scale + width / 2, low = height / 2 - (tile.y - this.y) * scale;
      const step = tile.side * scale / 65535, kinds = this.bySession ? tile.sessions : tile.heights;
      for (let i = 0; i < tile.count; i++) {
        const px = (left + tile.xs[i] * step) | 0, py = (low - tile.ys[i] * step) | 0;
        if (px < 0 || py < 0 || px + size > width || py + size > height) continue;
        const at = py * width + px, colour = colours[kinds[i]];
        pixels[at] = colour;
        if (size > 1) pixels[at + 1] = pixels[at + width] = pixels[at + width + 1] = colour;
      }
    }
    context.putImageData(image, 0, 0);
  }

  at(x, y) { return [(x - this.x) * this.scale + this.width / 2, this.height / 2 - (y - this.y) * this.scale]; }

  drawOverlay() {
    const context = this.overlay.getContext("2d"), style = getComputedStyle(document.documentElement);
    const known = {}, ink = name => known[name] ??= style.getPropertyValue(name).trim();
    context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    context.clearRect(0, 0, this.width, this.height);
    context.lineJoin = context.lineCap = "round";
    this.drawKeyframes(context, ink);
    this.drawTrail(context, ink);
    this.drawVehicle(context, ink);
    this.drawScale(context, ink);
  }

  drawKeyframes(context, ink) {
    const list = this.map?.keyframes ?? [];
    // Where they would touch, ticks say less than dots.
    const size = Math.min(9, Math.max(2.5, this.scale * 0.35));
    context.strokeStyle = ink("--soft"); context.fillStyle = ink("--soft"); context.globalAlpha = 0.75;
    context.lineWidth = 1.2;
    for (let i = 0; i < list.length; i += 4) {
      const [x, y] = this.at(list[i], list[i + 1]);
      if (x < -9 || y < -9 || x > this.width + 9 || y > this.height + 9) continue;
      if (this.bySession) {
        context.fillStyle = context.strokeStyle = SESSIONS[list[i + 3] % SESSIONS.length];
      }
      context.fillRect(x - 1, y - 1, 2, 2);
      if (size < 4) continue;
      context.beginPath();
      context.moveTo(x, y);
      context.lineTo(x + size * Math.cos(list[i + 2]), y - size * Math.sin(list[i + 2]));
      context.stroke();
    }
    context.globalAlpha = 1;
  }

  // One line for each stretch of a state.
  drawTrail(context, ink) {
    context.lineWidth = 2.5;
    let before = null, state = null;
    context.beginPath();
    for (const row of this.row?.p ? [...this.trail, this.row] : this.trail) {
      if (row.p && before && row.t - before.t < 2) {
        if (row.s !== state) {
          context.stroke();
          context.beginPath();
          context.strokeStyle = ink(this.colourOf(state = row.s));
        }
        context.moveTo(...this.at(before.p[0], before.p[1]));
        context.lineTo(...this.at(row.p[0], row.p[1]));
      }
      before = row.p ? row : null;
    }
    context.stroke();
  }

  drawVehicle(context, ink) {
    const row = this.last;
    if (!row || !this.row) return;
    const [x, y] = this.at(row.p[0], row.p[1]), isThere = Boolean(this.row.p);
    const colour = ink(this.colourOf(this.row.s));
    context.strokeStyle = context.fillStyle = colour;
    if (row.e && isThere) {
      context.beginPath();
      context.ellipse(x, y, Math.max(1, row.e[0] * this.scale), Math.max(1, row.e[1] * this.scale), -row.e[2], 0, 7);
      context.globalAlpha = 0.22; context.fill(); context.globalAlpha = 1;
      context.lineWidth = 1.5; context.stroke();
    }
    context.save();
    context.translate(x, y);
    context.rotate(-(row.h ?? 0));
    context.beginPath();
    context.moveTo(13, 0); context.lineTo(-8, 8); context.lineTo(-4, 0); context.lineTo(-8, -8); context.closePath();
    context.lineWidth = 2;
    // Hollow: it was there when it was seen last.
    if (isThere) {
      context.fill();
      context.strokeStyle = ink("--card");
    } else context.setLineDash([3, 4]);
    context.stroke();
    context.restore();
  }

  drawScale(context, ink) {
    const target = 110 / this.scale, power = 10 ** Math.floor(Math.log10(target));
    const metres = [5, 2, 1].map(m => m * power).find(m => m <= target) ?? power;
    const length = metres * this.scale, x = 16, y = this.height - 18;
    context.strokeStyle = context.fillStyle = ink("--ink");
    context.lineWidth = 1.5;
    context.beginPath();
    context.moveTo(x, y - 5); context.lineTo(x, y); context.lineTo(x + length, y); context.lineTo(x + length, y - 5);
    context.stroke();
    const size = parseFloat(getComputedStyle(document.documentElement).fontSize);
    context.font = `${0.8 * size}px system-ui, "DejaVu Sans", sans-serif`;
    context.fillText(metres >= 1000 ? `${metres / 1000} km` : `${metres} m`, x + 6, y - 6);
    // North where the map knows it; else the map's own axis.
    const nx = 30, ny = 46;
    context.beginPath();
    context.moveTo(nx, ny - 26); context.lineTo(nx - 7, ny); context.lineTo(nx, ny - 6); context.lineTo(nx + 7, ny);
    context.closePath(); context.fill();
    context.textAlign = "center";
    context.fillText(this.map?.origin ? "N" : "y", nx, ny + 0.95 * size);
    context.textAlign = "left";
  }
}

export const gradient = () => `linear-gradient(to right, ${RAMPS[theme()].join(", ")})`;
export const sessionColour = index => SESSIONS[index % SESSIONS.length];
