import { change, get, upload } from "../api.js";
import { announce, h } from "../dom.js";
import * as format from "../format.js";
import { nothing, panel, table } from "../parts.js";

export const title = "Status";
export const about = "What runs, what came in, and what may be missing.";
export const filters = ["listener"];

const GOOD = { done: "good", running: "warn", failed: "bad", interrupted: "warn", no_history: "plain", connected: "good", needs_reconnect: "bad", not_connected: "plain", open: "warn", closed: "good" };
const state = (name) => h("span", { class: `state ${GOOD[name] ?? "warn"}` }, name.replaceAll("_", " "));

export async function render(content, { parameters, signal, listeners, zone, refresh, link }) {
  const listener = parameters.listener;
  const now = await get("/status", {}, signal);
  const parts = { imports: list("Imports", "/panels/imports", imports, "Drop the export above, or copy it into the inbox.", 20), polls: list("Polls", "/panels/polls", polls, "Spotify has not been asked yet.", 10) };
  content.append(
    h("dl", { class: "figures" },
      figure("Plays", format.number(now.plays)),
      figure("Since", format.moment(now.first_played_at, zone, { dateStyle: "medium" })),
      figure("Last play", format.ago(now.last_played_at)),
      figure("Next poll", now.next_poll_at ? format.ago(now.next_poll_at) : "not connected")),
    h("p", {}),
    h("div", { class: "grid" },
      panel("Spotify", { draw: () => connections(listeners), note: "Spotify ends every connection six months after it was made; connecting again renews it." }),
      panel("Drop the export", { draw: () => dropZone(), note: `Or copy it into ${now.inbox}. Request it at spotify.com/account/privacy: “Extended streaming history”.` }),
      parts.imports, parts.polls,
      list("Gaps", "/panels/gaps", gaps, "None: nothing is known to be missing."),
      list("Sources", "/panels/coverage", sources, "No source yet."),
      list("Rejected lines", "/panels/rejected-lines", rejected, "None: every line could be stored."),
      list("Failed documents", "/panels/failed-documents", failed, "None."),
      panel("Versions", { draw: () => h("p", {}, `Tracklog ${now.version}, PostgreSQL ${now.database_version}, Java ${now.java_version}. Up since ${format.moment(now.started_at)}.`), size: "wide" })));

  // What runs shows itself: the two lists that change by themselves are asked again while the page is open.
  let last = "";
  while (!signal.aborted) {
    await new Promise((resolve) => setTimeout(resolve, 2000));
    if (signal.aborted || document.hidden) continue;
    const answer = await get("/panels/imports", { listener, limit: 20 }, signal).catch(() => null);
    const seen = answer && JSON.stringify(answer.rows);
    if (answer && seen !== last) {
      last = seen;
      parts.imports.querySelector("header + div").replaceChildren(answer.rows.length ? imports(answer) : nothing());
    }
  }

  function list(name, path, draw, empty, limit) {
    return panel(name, { question: { path, parameters: { listener: path.endsWith("failed-documents") ? undefined : listener, limit } }, draw, empty, signal, size: "wide" });
  }

  function figure(name, value) {
    return h("div", { class: "figure" }, h("dt", {}, name), h("dd", { class: "value" }, value));
  }

  function connections(all) {
    return [
      table("Listeners", [
        { title: "Listener", class: "name", cell: (row) => [row.name, h("span", { class: "sub" }, row.time_zone)] },
        {
          title: "Connection", cell: (row) => [state(row.connection.state), h("span", { class: "sub" },
            row.connection.days_left === null ? "" : `${row.connection.upper_bound ? "at most " : ""}${format.number(row.connection.days_left)} days left`),
          row.connection.paused_until ? h("span", { class: "sub" }, `paused until ${format.moment(row.connection.paused_until)}`) : "",
          row.connection.error ? h("span", { class: "sub wrong" }, row.connection.error) : ""],
        },
        { title: "", cell: (row) => h("div", { class: "row" }, connectButton(row), h("button", { class: "quiet", onclick: (event) => edit(row, event.target) }, "Edit")) },
      ], all),
      h("p", { class: "row" }, h("a", { class: "button", href: link("connect") }, "Connect another listener")),
    ];
  }

  function connectButton(row) {
    return h("a", { class: `button ${row.connection.state === "connected" ? "" : "primary"}`, href: link("connect", { for: row.listener_id }) }, row.connection.state === "not_connected" ? "Connect" : "Reconnect");
  }

  function edit(row, button) {
    const name = h("input", { value: row.name, "aria-label": "Name", required: true, maxlength: 100 });
    const timeZone = h("select", { "aria-label": "Time zone" }, [...new Set([row.time_zone, ...Intl.supportedValuesOf("timeZone")])].map((one) => h("option", { value: one }, one)));
    timeZone.value = row.time_zone;
    const wrong = h("span", { class: "wrong", role: "alert" });
    button.closest("td").replaceChildren(h("form", {
      class: "row",
      onsubmit: async (event) => {
        event.preventDefault();
        try {
          await change("PATCH", `/listeners/${row.listener_id}`, { name: name.value, time_zone: timeZone.value });
          const fresh = await refresh();
          content.querySelector("[aria-label=Spotify] header + div").replaceChildren(...connections(fresh));
          announce("Saved");
        } catch (error) {
          wrong.textContent = error.message;
        }
      },
    }, name, timeZone, h("button", { class: "primary" }, "Save"), wrong));
    name.focus();
  }

  function dropZone() {
    const told = h("div", { "aria-live": "polite" });
    const input = h("input", { type: "file", multiple: true, class: "hidden", id: "export-file", accept: ".zip,.json,.gz", onchange: () => take([...input.files]) });
    const zone = h("div", {
      class: "drop",
      ondragover: (event) => { event.preventDefault(); zone.classList.add("over"); },
      ondragleave: () => zone.classList.remove("over"),
      ondrop: (event) => { event.preventDefault(); zone.classList.remove("over"); take([...event.dataTransfer.files]); },
    }, h("strong", {}, "Drop my_spotify_data.zip here"), h("span", {}, "as it came from Spotify, of any size"), input, h("button", { class: "primary", onclick: () => input.click() }, "Choose a file"), told);
    return zone;

    async function take(files) {
      for (const file of files) {
        const progress = h("progress", { max: 1, value: 0, "aria-label": `Upload of ${file.name}` });
        const text = h("span", {}, `${file.name}, ${format.bytes(file.size)}`);
        told.append(h("p", {}, text, progress));
        try {
          await upload(file, { listener }, (sent, total) => { progress.value = total ? sent / total : 0; });
          progress.value = 1;
          text.textContent = `${file.name} is in the inbox; its import shows below.`;
        } catch (error) {
          progress.remove();
          text.className = "wrong";
          text.textContent = `${file.name}: ${error.message}`;
        }
      }
    }
  }

  function imports({ rows }) {
    return table("Imports", [
      { title: "Document", class: "name", cell: (row) => [row.document, h("span", { class: "sub" }, [row.format?.replaceAll("_", " "), format.ago(row.started_at)].filter(Boolean).join(", ")), row.error ? h("span", { class: "sub wrong" }, row.error) : ""] },
      { title: "State", cell: (row) => [state(row.state), row.state === "running" ? h("progress", { "aria-label": "Progress" }) : ""] },
      { title: "Lines read", number: true, cell: (row) => format.number(row.lines_read) },
      { title: "= new", number: true, cell: (row) => format.number(row.inserted) },
      { title: "+ known", number: true, cell: (row) => format.number(row.duplicates) },
      { title: "+ rejected", number: true, cell: (row) => format.number(row.rejected) },
    ], rows);
  }

  function polls({ rows }) {
    return table("Polls", [
      { title: "When", cell: (row) => format.moment(row.fire_time, zone) },
      { title: "Outcome", class: "name", cell: (row) => [state(row.outcome), row.error ? h("span", { class: "sub wrong" }, row.error) : ""] },
      { title: "Items", number: true, cell: (row) => format.number(row.items) },
      { title: "New", number: true, cell: (row) => format.number(row.inserted) },
      { title: "Requests", number: true, cell: (row) => format.number(row.calls) },
    ], rows);
  }

  function gaps({ rows }) {
    return table("Gaps", [
      { title: "After", cell: (row) => format.moment(row.after, zone) },
      { title: "Before", cell: (row) => format.moment(row.before, zone) },
    ], rows);
  }

  function sources({ rows }) {
    return table("Sources", [
      { title: "Source", cell: (row) => format.SOURCES[row.source] },
      { title: "Plays", number: true, cell: (row) => format.number(row.plays) },
      { title: "Standing", number: true, cell: (row) => format.number(row.standing) },
      { title: "First", cell: (row) => format.moment(row.first_played_at, zone, { dateStyle: "medium" }) },
      { title: "Last", cell: (row) => format.moment(row.last_played_at, zone, { dateStyle: "medium" }) },
    ], rows);
  }

  function rejected({ rows }) {
    return table("Rejected lines", [
      { title: "Why", class: "name", cell: (row) => row.reason },
      { title: "Where", class: "name", cell: (row) => `${row.document ?? "a poll"}, line ${format.number(row.position + 1)}` },
      { title: "Line", class: "name", cell: (row) => h("details", {}, h("summary", {}, "Show"), h("code", {}, row.line)) },
    ], rows);
  }

  function failed({ rows }) {
    return table("Failed documents", [
      { title: "Document", class: "name", cell: (row) => row.document },
      { title: "Why", class: "name", cell: (row) => row.reason ?? "" },
      { title: "Size", number: true, cell: (row) => format.bytes(row.bytes) },
      { title: "When", cell: (row) => format.moment(row.failed_at, zone) },
    ], rows);
  }
}
