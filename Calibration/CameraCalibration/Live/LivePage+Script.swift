extension LivePage {
    /// Draws the state that the server sends, and sends the buttons' commands. The state is data: it is never read as
    /// markup.
    static let script = #"""
        "use strict";
        const $ = id => document.getElementById(id);
        const NS = "http://www.w3.org/2000/svg";
        const text = (id, value) => { if ($(id).textContent !== value) $(id).textContent = value; };
        const points = list => list.map(p => p.map(v => v.toFixed(1)).join(",")).join(" ");
        let last = null;

        // The number of elements of a kind in a group.
        function fill(group, kind, count) {
          while (group.childElementCount > count) group.lastChild.remove();
          while (group.childElementCount < count) group.append(document.createElementNS(NS, kind));
          return group.children;
        }

        // The overlay lies on the part of the element that the image fills.
        function place(width, height) {
          const video = $("video"), scale = Math.min(video.clientWidth / width, video.clientHeight / height);
          for (const id of ["overlay", "flash"]) {
            $(id).style.width = width * scale + "px";
            $(id).style.height = height * scale + "px";
          }
          $("overlay").setAttribute("viewBox", `-0.5 -0.5 ${width} ${height}`);
        }

        function bar(id, share, label) {
          $(id).style.width = Math.round(100 * Math.min(1, share)) + "%";
          $(id).closest(".bar").classList.toggle("full", share >= 1);
          text(id + "Text", label);
        }

        function drawHeat(heat, width, height) {
          const cells = fill($("heat"), "rect", heat.counts.length);
          const most = Math.max(8, ...heat.counts);
          heat.counts.forEach((count, i) => {
            const cell = cells[i], w = width / heat.columns, h = height / heat.rows;
            cell.setAttribute("x", i % heat.columns * w - 0.5 + 1);
            cell.setAttribute("y", Math.floor(i / heat.columns) * h - 0.5 + 1);
            cell.setAttribute("width", w - 2);
            cell.setAttribute("height", h - 2);
            cell.setAttribute("opacity", count ? 0.12 + 0.33 * Math.sqrt(count / most) : 0);
          });
        }

        function drawHistory(values) {
          const kept = values.filter(v => v !== null), line = $("history").firstElementChild;
          if (kept.length < 2) { line.setAttribute("points", ""); return; }
          const logs = kept.map(v => Math.log(Math.max(v, 1e-3)));
          const low = Math.min(...logs), high = Math.max(...logs, low + 0.5);
          const x = i => (300 * i / (logs.length - 1)).toFixed(1);
          const y = v => (44 - 40 * (v - low) / (high - low)).toFixed(1);
          line.setAttribute("points", logs.map((v, i) => x(i) + "," + y(v)).join(" "));
        }

        function show(s) {
          if (s.width) {
            $("video").style.aspectRatio = s.width + "/" + s.height;
            place(s.width, s.height);
            drawHeat(s.heat, s.width, s.height);
          }
          text("hint", s.hint);
          text("detail", s.detail || "\u00a0");
          const active = s.phase === "collecting";
          $("next").setAttribute("points", active ? points(s.next) : "");
          $("nextHalo").setAttribute("points", active ? points(s.next) : "");
          $("board").setAttribute("points", points(s.board));
          const size = Math.max(2, (s.width || 640) / 220);
          const dots = fill($("corners"), "circle", s.corners.length);
          s.corners.forEach((p, i) => {
            dots[i].setAttribute("cx", p[0]);
            dots[i].setAttribute("cy", p[1]);
            dots[i].setAttribute("r", size);
          });
          const outlines = fill($("taken"), "polygon", s.views.length);
          s.views.forEach((view, i) => outlines[i].setAttribute("points", points(view.outline)));
          const missing = s.views.length < s.enough ? " of " + s.enough : "";
          bar("views", s.views.length / s.enough, s.views.length + missing);
          for (const id of ["position", "size", "tilt"]) {
            bar(id, s.progress[id], Math.round(100 * s.progress[id]) + " %");
          }
          if (last && s.taken > last.taken) {
            $("flash").classList.remove("on"); void $("flash").offsetWidth; $("flash").classList.add("on");
          }
          const r = s.result;
          text("uncertainty", r && r.uncertainty !== null ? r.uncertainty.toFixed(2) : "–");
          text("rms", r ? r.rms.toFixed(3) + " px" : "–");
          text("focal", r ? r.fx.toFixed(1) + ", " + r.fy.toFixed(1) + " px" : "–");
          text("centre", r ? r.cx.toFixed(1) + ", " + r.cy.toFixed(1) : "–");
          text("problem", s.problem || "");
          drawHistory(s.history);
          text("camera", s.camera);
          const controls = $("controls");
          while (controls.childElementCount > s.controls.length) controls.lastChild.remove();
          while (controls.childElementCount < s.controls.length) controls.append(document.createElement("li"));
          s.controls.forEach((line, i) => { controls.children[i].textContent = line; });
          $("automatic").checked = s.automatic;
          $("done").hidden = s.phase !== "done";
          text("summary", s.summary || "");
          const busy = s.phase !== "collecting";
          $("take").disabled = busy || !s.corners.length;
          $("undo").disabled = busy || !s.views.length;
          $("finish").disabled = busy || s.views.length < 3;
          text("finish", s.phase === "solving" ? "Solving…" : s.phase === "done" ? "Finished" : "Finish");
          document.body.dataset.phase = s.phase;
          last = s;
        }

        const send = path => fetch(path, { method: "POST" }).catch(() => text("hint", "The program does not answer"));
        for (const id of ["take", "undo", "finish"]) $(id).addEventListener("click", () => send("/" + id));
        $("automatic").addEventListener("change", () => send("/automatic"));
        $("showHeat").addEventListener("change", event => {
          document.body.classList.toggle("noheat", !event.target.checked);
        });
        addEventListener("resize", () => last && last.width && place(last.width, last.height));
        addEventListener("keydown", event => {
          if (event.target.matches("input, button") || event.ctrlKey || event.metaKey || event.altKey) return;
          if (event.key === " ") { event.preventDefault(); send("/take"); }
          if (event.key === "u") send("/undo");
        });

        const video = $("video");
        video.addEventListener("error", () => setTimeout(() => { video.src = "/stream?" + Date.now(); }, 1000));
        video.src = "/stream";
        const events = new EventSource("/events");
        events.onmessage = event => show(JSON.parse(event.data));
        events.onerror = () => {
          if (last && last.phase === "done") return;
          text("hint", "No connection to the program");
          text("detail", "Is it still running? This page tries again.");
        };
        """#
}
