import { get } from "../api.js";
import { h } from "../dom.js";
import * as format from "../format.js";
import { paged, panel, select, table } from "../parts.js";

export const title = "Log";
export const about = "Every play, newest first.";
export const filters = ["range", "listener"];

export function render(content, { asked: of, parameters, set, signal, listeners, zone, link }) {
  const asked = { ...of, content: undefined, search: parameters.search, source: parameters.source, limit: 50 };
  const field = h("input", {
    id: "search",
    type: "search",
    value: parameters.search ?? "",
    placeholder: "Track, artist or album",
    "aria-label": "Search",
    onchange: () => set({ search: field.value }),
  });
  content.append(
    h(
      "form",
      {
        class: "row search",
        role: "search",
        onsubmit: (event) => {
          event.preventDefault();
          set({ search: field.value });
        },
      },
      field,
      h("button", {}, "Search"),
      select("Source", [["", "All sources"], ...Object.entries(format.SOURCES)], parameters.source ?? "", (value) =>
        set({ source: value }),
      ),
    ),
    h("div", { class: "grid" }, panel("Plays", {
      question: { path: "/panels/plays", parameters: asked }, signal, size: "wide",
      note: listeners.length > 1 && !of.listener ? "Each on the clock of its listener." : `On the clock of ${zone}.`,
      empty: parameters.search ? `No play has “${parameters.search}” in its names.` : undefined,
      draw: (first) => paged(first, (before) => get("/panels/plays", { ...asked, before }, signal), draw, "the log"),
    })));

  function length(row) {
    return row.ms_played === null
      ? h(
          "span",
          { title: "Spotify's API does not say how much was heard; this is the length of the track" },
          `≤ ${format.length(row.duration_ms)}`,
        )
      : format.length(row.ms_played);
  }

  function source(row) {
    const also = row.also_in
      ? `also ${row.also_in
          .split(",")
          .map((one) => format.SOURCES[one] ?? one)
          .join(", ")}`
      : "";
    return [format.SOURCES[row.source], also && h("span", { class: "sub" }, also)];
  }

  function draw(rows) {
    return table(
      "Plays",
      [
        { title: "Ended", class: "when", cell: (row) => format.clock(row.local_time, { timeStyle: "medium" }) },
        {
          title: "What",
          class: "name",
          cell: (row) => [
            row.name ?? "Not named",
            h(
              "span",
              { class: "sub" },
              row.artist_name
                ? h(
                    "a",
                    { href: link("artist", { artist: row.artist_name, listener: asked.listener }) },
                    row.artist_name,
                  )
                : "",
              row.album_name && row.album_name !== row.artist_name ? ` · ${row.album_name}` : "",
            ),
          ],
        },
        { title: "Played", number: true, cell: length },
        { title: "Source", class: "spare", cell: source },
        ...(listeners.length > 1 && !asked.listener
          ? [
              {
                title: "Listener",
                class: "spare",
                cell: (row) => listeners.find((one) => one.listener_id === row.listener_id)?.name ?? "",
              },
            ]
          : []),
      ],
      rows,
      (row) => format.clock(row.local_time, { dateStyle: "full" }),
    );
  }
}
