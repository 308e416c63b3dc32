// Takes what the server says to the parts of the page, and what people do to the server.
import { CameraView } from "./camera.js";
import { Chart } from "./chart.js";
import { MapView, gradient, sessionColour } from "./map.js";
import { Panel, colourOf } from "./panel.js";

const $ = id => document.getElementById(id);
const panel = new Panel();
const map = new MapView($("landmarks"), $("overlay"), colourOf);
const chart = new Chart($("chart"), $("tip"), colourOf);
const camera = new CameraView($("camera"), $("cameraNote"), document.querySelector(".kinds"));
let stream = null, player = null, isSeeking = false;

const heard = {
  hello: value => { panel.greet(value); $("player").hidden = !value.recorded; },
  restart: () => { for (const part of [panel, map, chart, camera]) part.restart(); },
  frames: rows => { map.add(rows); chart.add(rows); panel.frame(rows.at(-1)); },
  status: value => panel.state(value),
  event: value => panel.event(value),
  link: value => panel.silent(value.silent),
  preview: value => camera.show(value),
  player: value => showPlayer(value),
  map: value => {
    $("mapNote").textContent = value.problem;
    if (!value.problem) loadOverview();
  },
};

// A page that nobody looks at costs nothing: neither here nor in the daemon.
function listen() {
  stream?.close();
  stream = null;
  if (document.hidden) return;
  stream = new EventSource("/events");
  for (const [name, take] of Object.entries(heard)) {
    stream.addEventListener(name, message => take(JSON.parse(message.data)));
  }
  stream.addEventListener("error", () => panel.silent(true));
}

async function loadOverview() {
  const answer = await fetch("/map.json");
  if (!answer.ok) return;
  const overview = await answer.json();
  map.show(overview);
  map.setFollow(true);
  $("colour").hidden = overview.sessions.length < 2;
  showLegend();
}

function showLegend() {
  const overview = map.map, swatch = $("legend").querySelector("i");
  $("legend").hidden = !overview;
  if (!overview) return;
  $("colour").textContent = map.bySession ? "Session" : "Height";
  if (map.bySession) {
    const names = overview.sessions, colours = names.map((_, i) => sessionColour(i)).slice(0, 12);
    $("legendLow").textContent = names[0] || "first";
    $("legendHigh").textContent = names.at(-1);
    swatch.style.background = `linear-gradient(to right, ${colours.flatMap((c, i) =>
      [`${c} ${100 * i / colours.length}%`, `${c} ${100 * (i + 1) / colours.length}%`]).join(", ")})`;
  } else {
    $("legendLow").textContent = `${overview.heights[0].toFixed(1)} m`;
    $("legendHigh").textContent = `${overview.heights[1].toFixed(1)} m`;
    swatch.style.background = gradient();
  }
}

// The map's tools.

map.onfollow = value => $("follow").setAttribute("aria-pressed", value);
const actions = {
  zoomIn: () => map.zoom(1.5), zoomOut: () => map.zoom(1 / 1.5), fit: () => map.fit(),
  follow: () => map.setFollow(!map.follows),
  colour: () => {
    if ($("colour").hidden) return;
    map.bySession = !map.bySession;
    map.redraw();
    showLegend();
  },
  help: () => $("keys").showModal(),
  relocalize: () => command("/relocalize", "", "asked to relocalize"),
  loadMap: () => { if (!$("loadMap").hidden && !$("loadMap").disabled) $("mapDialog").showModal(); },
  play: () => play({ playing: player?.playing ? 0 : 1 }),
};
for (const [id, action] of Object.entries(actions)) $(id).addEventListener("click", action);

const KEYS = {
  f: "follow", 0: "fit", "+": "zoomIn", "=": "zoomIn", "-": "zoomOut", c: "colour", "?": "help", r: "relocalize",
  l: "loadMap", " ": "play",
};
document.addEventListener("keydown", e => {
  if (e.ctrlKey || e.metaKey || e.altKey || e.target.closest("input, select, dialog")) return;
  // Space and Enter press the button that has the focus.
  if (e.key === " " && e.target.closest("button, summary")) return;
  const action = KEYS[e.key.length === 1 ? e.key.toLowerCase() : e.key];
  if (!action || (action === "play" && !player)) return;
  e.preventDefault();
  actions[action]();
});

// What the daemon is asked.

async function command(path, body, done) {
  if ($("relocalize").hidden || $("relocalize").disabled) return;
  panel.notice(path === "/load-map" ? "the map is being checked…" : "");
  const answer = await fetch(path, { method: "POST", body }).catch(() => null);
  panel.notice(answer?.ok ? done : answer ? (await answer.text()).trim() : "hfloc-view does not answer");
  if (answer?.ok) setTimeout(() => panel.notice(""), 4000);
}

$("mapDialog").addEventListener("close", () => {
  const path = $("mapPath").value.trim();
  if ($("mapDialog").returnValue === "load" && path) command("/load-map", path, `${path} is in use`);
});

// A recording.

const play = wishes => fetch("/player?" + new URLSearchParams(wishes), { method: "POST" });
const clock = s => `${Math.floor(s / 60)}:${String(Math.floor(s % 60)).padStart(2, "0")}`;

function showPlayer(value) {
  player = value;
  if (!value) return;
  $("seek").max = value.length;
  if (!isSeeking) $("seek").value = value.t;
  $("clock").textContent = `${clock(value.t)} of ${clock(value.length)}`;
  $("play").textContent = value.playing ? "Pause" : "Play";
  $("rate").value = String(value.rate);
}

$("seek").addEventListener("input", () => { isSeeking = true; });
$("seek").addEventListener("change", async () => {
  await play({ t: $("seek").value });
  isSeeking = false;
});
$("rate").addEventListener("change", () => play({ rate: $("rate").value }));

showLegend();
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", showLegend);
document.addEventListener("visibilitychange", listen);
listen();
// For tests: what is drawn.
window.hflocView = { map, chart, camera, panel };
