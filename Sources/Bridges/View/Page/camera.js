// The camera's picture with what was recognized in it.
const LOOK = {
  unmatched: { colour: "#9aa1ab", radius: 1.6 },
  expected: { colour: "#c29bffb0", radius: 3.2, shape: "diamond" },
  misses: { colour: "#ff5a4d", radius: 4, shape: "ring" },
  inliers: { colour: "#2fd48e", radius: 2.6 },
};

export class CameraView {
  constructor(canvas, note, kinds) {
    Object.assign(this, { canvas, note, kinds, preview: null, image: null });
    for (const box of kinds.querySelectorAll("input")) box.addEventListener("change", () => this.draw());
    new ResizeObserver(() => this.draw()).observe(canvas);
  }

  restart() { this.keep(null, null); this.note.textContent = "No picture yet"; this.draw(); }

  // A picture's memory is given back at once: browsers keep the images of documents, five a second, for as long as they
  // think that they have room.
  keep(preview, image) {
    this.image?.close();
    [this.preview, this.image] = [preview, image];
  }

  async show(preview) {
    let image;
    try { image = await decode(preview.picture); } catch {
      this.note.textContent = "The picture cannot be decoded";
      return;
    }
    // An older one that took longer to decode.
    if (this.preview && this.preview.n > preview.n && this.preview.n - preview.n < 100) { image.close(); return; }
    this.keep(preview, image);
    this.note.textContent = "";
    for (const box of this.kinds.querySelectorAll("input")) {
      const kind = box.dataset.kind, isKnown = preview.keypoints || kind === "expected";
      box.parentElement.querySelector("b").textContent = isKnown ? preview[kind].length / 2 : "–";
    }
    this.canvas.parentElement.style.aspectRatio = `${preview.width} / ${preview.height}`;
    this.draw();
  }

  draw() {
    const ratio = devicePixelRatio || 1, { canvas, preview } = this;
    const width = canvas.clientWidth, height = canvas.clientHeight;
    canvas.width = Math.max(1, width * ratio); canvas.height = Math.max(1, height * ratio);
    const context = canvas.getContext("2d");
    if (!preview) return;
    const scale = Math.min(width / preview.width, height / preview.height);
    const left = (width - preview.width * scale) / 2, top = (height - preview.height * scale) / 2;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.drawImage(this.image, left, top, preview.width * scale, preview.height * scale);
    // Marks grow with the picture, but not as fast.
    const size = Math.max(0.8, Math.sqrt(width / 560));
    for (const [kind, look] of Object.entries(LOOK)) {
      if (!this.kinds.querySelector(`[data-kind="${kind}"]`).checked) continue;
      const points = preview[kind];
      context.fillStyle = context.strokeStyle = look.colour;
      context.lineWidth = (look.shape === "diamond" ? 1 : 1.6) * size;
      for (let i = 0; i < points.length; i += 2) {
        // The centre of the top-left pixel is (0, 0).
        const x = left + (points[i] + 0.5) * scale, y = top + (points[i + 1] + 0.5) * scale;
        mark(context, look, x, y, look.radius * size);
      }
    }
  }
}

// Of "data:TYPE;base64,BYTES".
function decode(address) {
  const [head, bytes] = address.split(",");
  const values = Uint8Array.from(atob(bytes), letter => letter.charCodeAt(0));
  return createImageBitmap(new Blob([values], { type: head.slice(5, head.indexOf(";")) }));
}

function mark(context, look, x, y, radius) {
  context.beginPath();
  if (look.shape === "diamond") {
    context.moveTo(x - radius, y); context.lineTo(x, y - radius); context.lineTo(x + radius, y);
    context.lineTo(x, y + radius); context.closePath();
  } else context.arc(x, y, radius, 0, 7);
  if (look.shape) context.stroke(); else context.fill();
}
