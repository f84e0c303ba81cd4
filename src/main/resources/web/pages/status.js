import { change, get, upload } from "../api.js";
import { announce, h } from "../dom.js";
import * as format from "../format.js";
import { figure, paged, panel, table } from "../parts.js";

export const title = "Status";
export const about = "What runs, what came in, and what may be missing.";
export const filters = ["listener"];

const GOOD = {
  done: "good",
  running: "busy-state",
  merging: "busy-state",
  failed: "bad",
  no_history: "plain",
  connected: "good",
  needs_reconnect: "bad",
  refused: "bad",
  not_connected: "plain",
};
const state = (name) => h("span", { class: `state ${GOOD[name] ?? "warn"}` }, name.replaceAll("_", " "));
const sub = (text, kind = "") => text && h("span", { class: `sub ${kind}` }, text);
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export async function render(content, { parameters, signal, zone, refresh, link }) {
  const listener = parameters.listener;
  const now = await get("/status", {}, signal);
  const top = h("dl", { class: "figures" });
  const connections = panel("Spotify", {
    question: { path: "/listeners", parameters: {} },
    csv: false,
    signal,
    draw: ({ listeners: all }) => connected(all),
    note: "Spotify ends every connection six months after it was made. "
      + "Connecting again renews it, and nothing is lost.",
  });
  const imports = list(
    "Imports",
    "/panels/imports",
    imported,
    "Nothing yet. Drop the export above, or copy it into the inbox.",
    { listener, limit: 20 },
    "wide",
  );
  const others = [
    list("Gaps", "/panels/gaps", gaps, "None: nothing is known to be missing.", { listener, limit: 20 }, ""),
    list(
      "Rejected lines",
      "/panels/rejected-lines",
      rejected,
      "None: every line could be stored.",
      { listener, limit: 20 },
      "",
    ),
    list(
      "Failed documents",
      "/panels/failed-documents",
      failed,
      "None: every document could be read.",
      { limit: 20 },
      "",
    ),
    list("Polls", "/panels/polls", polls, "Spotify has not been asked yet.", { listener, limit: 8 }, ""),
    list("Coverage", "/panels/coverage", sources, "No source yet.", { listener }, ""),
  ];
  showTop(now);
  content.append(
    top,
    h(
      "div",
      { class: "grid" },
      connections,
      panel("Drop the export", {
        draw: () => dropZone(),
        note: `Or copy it into ${now.inbox}. Request it at spotify.com/account/privacy: “Extended streaming history”.`,
      }),
      imports,
      ...others.slice(3),
      h("div", { class: "wide trouble" }, others.slice(0, 3)),
      panel("Versions", {
        draw: () =>
          h(
            "p",
            {},
            `Tracklog ${now.version}, PostgreSQL ${now.database_version}, Java ${now.java_version}. `
            + `Up since ${format.moment(now.started_at)}.`,
          ),
        size: "wide",
      }),
    ),
  );
  watch();

  // What runs shows itself: imports at once, the rest less often, nothing while nobody looks.
  async function watch() {
    for (let look = 1; ; look++) {
      await wait(2000);
      if (signal.aborted) return;
      if (document.hidden) continue;
      imports.renew();
      if (look % 5 > 0) continue;
      others.forEach((one) => one.renew());
      if (!connections.querySelector("form")) connections.renew();
      get("/status", {}, signal).then(showTop, () => {});
    }
  }

  function showTop(status) {
    top.replaceChildren(
      figure("Plays", format.number(status.plays)),
      figure("Since", format.moment(status.first_played_at, zone, { dateStyle: "medium" })),
      figure("Last play", format.ago(status.last_played_at)),
      figure("Next poll", status.next_poll_at ? format.ago(status.next_poll_at) : "Not connected"));
  }

  function list(name, path, draw, empty, query, size) {
    const more = (offset) => get(path, { ...query, offset }, signal);
    return panel(name, {
      question: { path, parameters: query },
      empty,
      signal,
      size,
      draw: (first) => (first.next ? paged(first, more, (rows) => draw({ rows }), name) : draw(first)),
    });
  }

  function connected(all) {
    return [
      h(
        "ul",
        { class: "listeners" },
        all.map((row) =>
          h(
            "li",
            {},
            h("div", {}, h("strong", {}, row.name), sub(row.time_zone)),
            h(
              "div",
              {},
              state(row.connection.state),
              sub(
                row.connection.days_left === null
                  ? ""
                  : `${row.connection.upper_bound ? "at most " : ""}`
                    + `${format.number(row.connection.days_left)} days left`,
              ),
              sub(row.connection.paused_until && `paused until ${format.moment(row.connection.paused_until)}`),
              sub(row.connection.error, "wrong"),
            ),
            h(
              "div",
              { class: "row" },
              h(
                "a",
                {
                  class: `button ${row.connection.state === "connected" ? "" : "primary"}`,
                  href: link("connect", { for: row.listener_id }),
                },
                row.connection.state === "not_connected" ? "Connect" : "Reconnect",
              ),
              h(
                "button",
                {
                  class: "quiet",
                  "aria-label": `Edit ${row.name}`,
                  onclick: (event) => edit(row, event.target.closest("li")),
                },
                "Edit",
              ),
            ),
          ),
        ),
      ),
      h("p", {}, h("a", { class: "button", href: link("connect") }, "Connect another listener")),
    ];
  }

  function edit(row, place) {
    const name = h("input", { value: row.name, required: true, maxlength: 100 });
    const timeZone = h(
      "select",
      {},
      [...new Set([row.time_zone, ...Intl.supportedValuesOf("timeZone")])].map((one) =>
        h("option", { value: one }, one),
      ),
    );
    timeZone.value = row.time_zone;
    const wrong = h("span", { class: "wrong", role: "alert" });
    const close = async (said) => {
      place.replaceChildren();
      await refresh();
      await connections.renew(true);
      announce(said);
    };
    place.replaceChildren(
      h(
        "form",
        {
          class: "row",
          onsubmit: async (event) => {
            event.preventDefault();
            try {
              await change("PATCH", `/listeners/${row.listener_id}`, { name: name.value, time_zone: timeZone.value });
              await close("Saved");
            } catch (error) {
              wrong.textContent = error.message;
            }
          },
        },
        h("label", { class: "field" }, "Name", name),
        h("label", { class: "field" }, "Time zone", timeZone),
        h("button", { class: "primary" }, "Save"),
        h("button", { type: "button", onclick: () => close("Not changed") }, "Cancel"),
        wrong,
      ),
    );
    name.focus();
  }

  function dropZone() {
    const told = h("div", { class: "told", "aria-live": "polite" });
    const input = h("input", {
      type: "file",
      multiple: true,
      class: "hidden",
      id: "export-file",
      tabindex: -1,
      "aria-hidden": "true",
      accept: ".zip,.json,.gz",
      onchange: () => take([...input.files]),
    });
    const target = h(
      "div",
      {
        class: "drop",
        ondragover: (event) => {
          event.preventDefault();
          target.classList.add("over");
        },
        ondragleave: () => target.classList.remove("over"),
        ondrop: (event) => {
          event.preventDefault();
          target.classList.remove("over");
          take([...event.dataTransfer.files]);
        },
      },
      h("strong", {}, "Drop my_spotify_data.zip here"),
      h("span", {}, "as it came from Spotify, of any size"),
      input,
      h("button", { class: "primary", onclick: () => input.click() }, "Choose a file"),
      told,
    );
    return target;

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

  function imported({ rows }) {
    return table(
      "Imports",
      [
        {
          title: "Document",
          class: "name",
          cell: (row) => {
            const [archive, entry] = row.document.split("!");
            return [
              (entry ?? archive).split("/").at(-1),
              sub(
                [entry && `in ${archive}`, row.format?.replaceAll("_", " "), format.ago(row.started_at)]
                  .filter(Boolean)
                  .join(" · "),
              ),
              sub(row.error, "wrong"),
            ];
          },
        },
        { title: "State", cell: (row) => (row.state === "running" ? running(row) : state(row.state)) },
        { title: "Lines read", number: true, class: "strong", cell: (row) => format.number(row.lines_read) },
        { title: "= new", number: true, class: "spare", cell: (row) => format.number(row.inserted) },
        { title: "+ known", number: true, class: "spare", cell: (row) => format.number(row.duplicates) },
        { title: "+ rejected", number: true, class: "spare", cell: (row) => format.number(row.rejected) },
      ],
      rows,
    );
  }

  /** What is read may take as long again to be merged, which cannot say how far it is. */
  function running({ percent_read: read }) {
    const reading = read !== null && read < 100;
    return [state(read === 100 ? "merging" : "running"), reading ? sub(`${format.percent(read)} read`) : "",
      h("progress", { "aria-label": "Import running", max: 100, value: reading ? read : null })];
  }

  function polls({ rows }) {
    return table(
      "Polls",
      [
        {
          title: "When",
          class: "when",
          cell: (row) => format.moment(row.fire_time, zone, { dateStyle: "short", timeStyle: "short" }),
        },
        { title: "Outcome", class: "name", cell: (row) => [state(row.outcome), sub(row.error, "wrong")] },
        { title: "Items", number: true, class: "spare", cell: (row) => format.number(row.items) },
        { title: "New", number: true, class: "strong", cell: (row) => format.number(row.inserted) },
        { title: "Requests", number: true, class: "spare", cell: (row) => format.number(row.calls) },
      ],
      rows,
    );
  }

  function gaps({ rows }) {
    return table("Gaps", [
      { title: "Plays may be missing after", cell: (row) => format.moment(row.after, zone) },
      { title: "and before", cell: (row) => format.moment(row.before, zone) },
    ], rows);
  }

  function sources({ rows }) {
    return table(
      "Coverage",
      [
        {
          title: "Source",
          class: "name",
          cell: (row) => [
            format.SOURCES[row.source],
            sub(row.plays === row.standing ? "" : `${format.number(row.plays - row.standing)} known better by another`),
          ],
        },
        { title: "Plays", number: true, cell: (row) => format.number(row.plays) },
        {
          title: "First",
          class: "when",
          cell: (row) => format.moment(row.first_played_at, zone, { dateStyle: "medium" }),
        },
        {
          title: "Last",
          class: "when",
          cell: (row) => format.moment(row.last_played_at, zone, { dateStyle: "medium" }),
        },
      ],
      rows,
    );
  }

  function rejected({ rows }) {
    return table(
      "Rejected lines",
      [
        {
          title: "Why",
          class: "name",
          cell: (row) => [row.reason, sub(`${row.document ?? "a poll"}, line ${format.number(row.position + 1)}`)],
        },
        {
          title: "Line",
          class: "name",
          cell: (row) => h("details", {}, h("summary", {}, "Show"), h("code", {}, row.line)),
        },
      ],
      rows,
    );
  }

  function failed({ rows }) {
    return table(
      "Failed documents",
      [
        {
          title: "Document",
          class: "name",
          cell: (row) => [row.document, sub(`${format.bytes(row.bytes)} · ${format.moment(row.failed_at, zone)}`)],
        },
        { title: "Why", class: "name", cell: (row) => row.reason ?? "" },
      ],
      rows,
    );
  }
}
