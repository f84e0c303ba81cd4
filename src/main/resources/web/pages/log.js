import { get } from "../api.js";
import { h } from "../dom.js";
import * as format from "../format.js";
import { paged, panel, select, table } from "../parts.js";

export const title = "Log";
export const about = "Every play, newest first.";
export const filters = ["range", "listener"];

export async function render(content, { asked: of, parameters, set, signal, listeners, link }) {
  const asked = { ...of, content: undefined, search: parameters.search, source: parameters.source, limit: 50 };
  const field = h("input", { type: "search", value: parameters.search ?? "", placeholder: "Track, artist or album", "aria-label": "Search", onchange: () => set({ search: field.value }) });
  content.append(
    h("form", { class: "row", role: "search", onsubmit: (event) => { event.preventDefault(); set({ search: field.value }); } }, field, h("button", {}, "Search"),
      select("Source", [["", "All sources"], ...Object.entries(format.SOURCES)], parameters.source ?? "", (value) => set({ source: value }))),
    h("p", {}),
    panel("Plays", {
      question: { path: "/panels/plays", parameters: asked }, signal, size: "wide",
      empty: parameters.search ? `No play has “${parameters.search}” in its names.` : undefined,
      draw: (first) => paged(first, (before) => get("/panels/plays", { ...asked, before }, signal), draw, "the log"),
    }));

  function draw(rows) {
    return table("Plays", [
      { title: "Ended", cell: (row) => format.clock(row.local_time) },
      {
        title: "What", class: "name", cell: (row) => [row.name ?? "Not named", h("span", { class: "sub" },
          row.artist_name ? h("a", { href: link("artist", { artist: row.artist_name }) }, row.artist_name) : "", row.album_name && row.album_name !== row.artist_name ? ` · ${row.album_name}` : "")],
      },
      { title: "Played", number: true, cell: (row) => (row.ms_played === null ? h("span", { title: "Spotify's API does not say how long; this is the length of the track" }, `≤ ${format.length(row.duration_ms)}`) : format.length(row.ms_played)) },
      { title: "Source", cell: (row) => [format.SOURCES[row.source], row.also_in ? h("span", { class: "sub" }, `also ${row.also_in.split(",").map((one) => format.SOURCES[one.trim()] ?? one).join(", ")}`) : ""] },
      ...(listeners.length > 1 ? [{ title: "Listener", cell: (row) => listeners.find((one) => one.listener_id === row.listener_id)?.name ?? "" }] : []),
    ], rows);
  }
}
