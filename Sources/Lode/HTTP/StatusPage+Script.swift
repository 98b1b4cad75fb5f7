extension StatusPage {
    /// Text goes into the page as text, never as HTML. The stream is read by `fetch`, for `EventSource`
    /// cannot send a token.
    static let script = #"""

        "use strict";
        const $ = (id) => document.getElementById(id);
        const shown = 50;
        let token = sessionStorage.getItem("lode-token") || "";
        let position = null, paused = false, started = false;

        function get(path, accept, signal) {
          const headers = {};
          if (token) headers.Authorization = "Bearer " + token;
          if (accept) headers.Accept = accept;
          return fetch(path, { headers, signal, cache: "no-store" });
        }

        function element(name, text, kind) {
          const made = document.createElement(name);
          if (text !== undefined) made.textContent = text;
          if (kind) made.className = kind;
          return made;
        }

        // The exposition format: name{label="value",...} number
        function samples(text) {
          const found = [];
          for (const line of text.split("\n")) {
            const parts = /^([a-z_]+)(?:\{(.*)\})? (\S+)$/.exec(line);
            if (!parts) continue;
            const labels = {};
            for (const [, name, value] of (parts[2] || "").matchAll(/([a-z_]+)="((?:[^"\\]|\\.)*)"/g))
              labels[name] = value.replace(/\\(.)/g, (_, c) => c === "n" ? "\n" : c);
            found.push({ name: parts[1], labels, value: Number(parts[3]) });
          }
          return found;
        }

        const number = (value) => value === undefined ? "–" : value.toLocaleString();

        function bytes(value) {
          if (value === undefined) return "–";
          const units = ["B", "kB", "MB", "GB", "TB"];
          let unit = 0;
          while (value >= 1024 && unit < units.length - 1) { value /= 1024; unit += 1; }
          return value.toLocaleString(undefined, { maximumFractionDigits: unit ? 1 : 0 }) + " " + units[unit];
        }

        function row(name, state, isGood, cells) {
          const made = element("tr"), head = element("th", name);
          head.scope = "row";
          made.append(head, element("td", state, isGood ? "good" : "bad"));
          for (const cell of cells) made.append(element("td", cell, "n"));
          return made;
        }

        function show(health, metrics) {
          const sum = (name, labels) => {
            const fit = metrics.filter((s) => s.name === name
              && Object.entries(labels).every(([label, value]) => s.labels[label] === value));
            return fit.length ? fit.reduce((total, s) => total + s.value, 0) : undefined;
          };
          const sources = Object.entries(health.sources);
          $("sources").replaceChildren(...sources.map(([source, state]) =>
            row(source, state, state === "ok", [
              number(sum("lode_transactions_total", { source })), number(sum("lode_events_total", { source })),
              bytes(sum("lode_slot_lag_bytes", { source })), bytes(sum("lode_slot_retained_wal_bytes", { source })),
            ])));
          const names = metrics.filter((s) => s.name === "lode_parked_events").map((s) => s.labels.subscriber);
          $("subscribers").replaceChildren(...names.map((subscriber) => {
            const paused = sum("lode_subscriber_paused", { subscriber }) > 0;
            const parked = sum("lode_parked_events", { subscriber });
            return row(subscriber, paused ? "paused" : parked > 0 ? "has parked events" : "ok", !paused && !parked, [
              number(sum("lode_deliveries_total", { subscriber, result: "delivered" })),
              number(sum("lode_subscriber_lag_events", { subscriber })), number(parked),
              number(sum("lode_deliveries_total", { subscriber, result: "skipped" })),
            ]);
          }));
          const good = health.status === "ok";
          $("state").textContent = good ? "ready" : "not ready";
          $("state").className = good ? "good" : "bad";
        }

        function add(event) {
          const item = element("li"), details = element("details"), summary = element("summary");
          const time = element("time", event.time ? new Date(event.time).toLocaleString() : "");
          if (event.time) time.dateTime = event.time;
          summary.append(time, element("span", event.type, "type"), element("span", event.subject || "", "key"));
          details.append(summary, element("pre", JSON.stringify(event, null, 2)));
          item.append(details);
          $("events").prepend(item);
          while ($("events").childElementCount > shown) $("events").lastElementChild.remove();
          $("none").hidden = true;
        }

        function failed(why) {
          $("state").textContent = why;
          $("state").className = "bad";
        }

        function ask() {
          $("content").hidden = true;
          $("login").hidden = false;
          $("token").focus();
        }

        async function refresh() {
          try {
            const [health, metrics] = await Promise.all([get("/health/ready"), get("/metrics")]);
            if (health.status === 401) { failed("a token is needed"); return ask(); }
            show(await health.json(), samples(await metrics.text()));
            $("login").hidden = true;
            $("content").hidden = false;
            if (!started) { started = true; follow(); }
          } catch (error) {
            failed("the daemon does not answer");
          }
          setTimeout(refresh, document.hidden ? 15000 : 2000);
        }

        async function latest() {
          const page = await (await get("/events?from=latest")).json();
          return page.next === undefined ? null : Math.max(0, page.next - 20);
        }

        async function follow() {
          for (;;) {
            try {
              if (position === null) position = await latest();
              if (position === null) { $("none").textContent = "There is no journal, so no events are kept."; return; }
              const answer = await get("/events?after=" + position, "text/event-stream");
              if (answer.status === 410) { position = (await answer.json()).first - 1; continue; }
              if (answer.ok) await read(answer.body.pipeThrough(new TextDecoderStream()).getReader());
              else if (answer.status === 400) position = null;
            } catch (error) { /* again below */ }
            await new Promise((done) => setTimeout(done, 2000));
          }
        }

        async function read(reader) {
          let rest = "";
          for (;;) {
            while (paused) await new Promise((done) => setTimeout(done, 200));
            const { done, value } = await reader.read();
            if (done) return;
            const blocks = (rest + value).split("\n\n");
            rest = blocks.pop();
            for (const block of blocks) {
              let data = null;
              for (const line of block.split("\n")) {
                if (line.startsWith("id: ")) position = Number(line.slice(4));
                else if (line.startsWith("data: ")) data = line.slice(6);
              }
              if (data !== null) add(JSON.parse(data));
            }
          }
        }

        $("login").addEventListener("submit", (event) => {
          event.preventDefault();
          token = $("token").value.trim();
          sessionStorage.setItem("lode-token", token);
          refresh();
        });
        $("pause").addEventListener("click", () => {
          paused = !paused;
          $("pause").setAttribute("aria-pressed", String(paused));
        });
        refresh();

        """#
}
