// What is said in words and figures.
const $ = id => document.getElementById(id);
const put = (id, text) => { if ($(id).textContent !== text) $(id).textContent = text; };

const HEADLINES = {
  INITIALIZING: "Ready, no frame yet", LOCALIZED: "Localized", DEGRADED: "Localized, on weak evidence", LOST: "Lost",
  NO_CAMERA: "No camera", BAD_FRAME: "The camera's frame is broken", BAD_MAP: "The map cannot be used",
  BAD_MODEL: "The model cannot be used", BAD_CALIBRATION: "The camera file cannot be used", FAULT: "hflocd cannot work",
  SILENT: "hflocd says nothing", WAITING: "Waiting for hflocd",
};
const STATE_COLOURS = { LOCALIZED: "--good", DEGRADED: "--warn", INITIALIZING: "--soft" };
export const colourOf = state => STATE_COLOURS[state] ?? "--bad";

const MOST_EVENTS = 40;

export class Panel {
  constructor() { Object.assign(this, { status: null, row: null, isSilent: true, hello: null }); }

  greet(hello) {
    this.hello = hello;
    put("source", `${hello.source}${this.status ? ", hflocd " + this.status.version : ""}`);
    for (const id of ["relocalize", "loadMap"]) {
      $(id).hidden = !hello.control;
      $(id).disabled = !hello.commands;
      if (!hello.commands) $(id).title = "Open the address that hfloc-view printed: it has the token";
    }
    this.notice(hello.damage);
    this.headline();
  }

  restart() { this.row = null; $("events").replaceChildren(); this.headline(); }

  silent(value) { this.isSilent = value; this.headline(); }

  notice(text) { $("notice").hidden = !text; put("notice", text || ""); }

  headline() {
    const heard = this.row?.s ?? this.status?.state;
    const state = this.isSilent ? (heard ? "SILENT" : "WAITING") : heard ?? "WAITING";
    document.body.dataset.state = state;
    put("badge", state.replace("_", " "));
    put("headline", HEADLINES[state] ?? state);
    const reason = this.row?.r || (this.row?.s === this.status?.state ? this.status?.reason : "");
    put("reason", this.isSilent ? `no message from ${this.hello?.source ?? "it"}` : reason || "\u00a0");
  }

  frame(row) {
    this.row = row;
    this.headline();
    const p = row.p, degrees = row.h === undefined ? "" : `, ${Math.round(row.h * 180 / Math.PI + 360) % 360}°`;
    put("position", p ? p.map(v => v.toFixed(2)).join("  ") + " m" + degrees : "–");
    put("uncertainty", row.e ? `${length(row.e[0])} × ${length(row.e[1])}` : "–");
    put("protection", row.q ? length(row.q) : "–");
    put("inliers", row.k ? `${row.i} of ${row.m}` : "–");
    put("inView", row.k ? `${row.v}` : "–");
    put("keypoints", row.k ? `${row.k}` : "–");
    put("latency", row.l === undefined ? "–" : `${row.l.toFixed(1)} ms`);
  }

  state(status) {
    this.status = status;
    if (this.hello) put("source", `${this.hello.source}, hflocd ${status.version}, ${status.source}, ${status.map}`);
    this.headline();
    put("fps", status.fps === null ? "–" : status.fps.toFixed(1));
    put("load", `${(100 * status.cpu).toFixed(0)} %, ${(status.memory / 1e6).toFixed(0)} MB`);
    put("lostFrames", `${status.skipped}, ${status.dropped} of ${status.captured}`);
    $("problems").replaceChildren(...status.problems.map(text => element("li", text)));
    table("gates", status.gates.length
      ? [["gate", "withheld", "degraded"], ...status.gates.map(g => [g.gate, g.withheld, g.degraded])]
      : [["none"]]);
    table("stages", [["stage", "median", "99 %"], ...status.stages.map(s => [
      s.stage.toLowerCase().replaceAll("_", " "), s.p50.toFixed(2), s.p99.toFixed(2)])]);
  }

  event(event) {
    const item = element("li", ""), time = element("time", new Date(event.wall * 1000).toLocaleTimeString());
    item.append(time, event.text || event.kind);
    $("events").prepend(item);
    while ($("events").childElementCount > MOST_EVENTS) $("events").lastChild.remove();
  }
}

const length = metres => metres < 1 ? `${(100 * metres).toFixed(1)} cm` : `${metres.toFixed(2)} m`;

// Text only: nothing that comes is read as markup.
function element(name, text) {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}

function table(id, rows) {
  $(id).tBodies[0].replaceChildren(...rows.map(cells => {
    const row = document.createElement("tr");
    row.append(...cells.map(cell => element("td", String(cell))));
    return row;
  }));
}
