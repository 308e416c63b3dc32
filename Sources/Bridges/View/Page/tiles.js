// The landmarks of a map: squares in levels of detail, loaded as they come into view.
const CAPACITY = 160;        // squares that are kept
const COARSE = 320;          // pixels of a square's side from which on its four parts are wanted
const AT_ONCE = 4;           // requests under way

export class Tiles {
  constructor(map, changed) {
    Object.assign(this, { map, changed, loaded: new Map(), wanted: [], underWay: 0, isOpen: true });
  }

  close() { this.isOpen = false; }

  // The squares to be drawn: those in view that are there. Others are asked for, the largest first.
  visible(view) {
    const found = [], missing = [];
    const queue = [[0, 0, 0]];
    while (queue.length) {
      const [level, column, row] = queue.shift();
      const name = `${level}/${column}/${row}`;
      if (!(name in this.map.tiles)) continue;
      const side = this.map.side / 2 ** level;
      const x = this.map.corner[0] + column * side, y = this.map.corner[1] + row * side;
      if (!view.meets(x, y, side)) continue;
      const tile = this.loaded.get(name);
      if (!tile) { missing.push(name); continue; }
      tile.used = performance.now();
      found.push({ x, y, side, ...tile });
      if (side * view.scale < COARSE) continue;
      for (const part of [0, 1, 2, 3]) queue.push([level + 1, 2 * column + part % 2, 2 * row + (part >> 1)]);
    }
    this.wanted = missing;
    this.load();
    return found;
  }

  load() {
    while (this.underWay < AT_ONCE && this.wanted.length) {
      const name = this.wanted.shift();
      this.underWay += 1;
      this.fetch(name).catch(() => {}).finally(() => {
        this.underWay -= 1;
        if (this.isOpen) this.changed();
      });
    }
  }

  async fetch(name) {
    const answer = await fetch(`/tiles/${this.map.id}/${name}`);
    if (!answer.ok) { delete this.map.tiles[name]; return; }
    const bytes = await answer.arrayBuffer();
    const count = bytes.byteLength / 6;
    this.loaded.set(name, {
      count, used: performance.now(),
      xs: new Uint16Array(bytes, 0, count), ys: new Uint16Array(bytes, 2 * count, count),
      heights: new Uint8Array(bytes, 4 * count, count), sessions: new Uint8Array(bytes, 5 * count, count),
    });
    this.forget();
  }

  // The first square stays: it is a picture of the whole.
  forget() {
    if (this.loaded.size <= CAPACITY) return;
    const oldest = [...this.loaded].filter(([name]) => name !== "0/0/0").sort((a, b) => a[1].used - b[1].used)[0];
    this.loaded.delete(oldest[0]);
  }
}
