import { get } from "../api.js";
import { playsAndHours } from "../charts.js";
import { h } from "../dom.js";
import * as format from "../format.js";
import { behind, choice, figures, panel, ranking } from "../parts.js";

export const title = "Recent";
export const about = "What you played, against the days before.";
export const filters = ["range", "content", "listener"];
export const range = "days=30";

export async function render(content, { asked, signal, link }) {
  const { rows, range: days, before } = await get("/panels/figures", asked, signal);
  const top = h("div", { class: "wide" });
  content.append(
    days ? h("p", { class: "note" }, `${format.day(days.from)} to ${format.day(days.to)}${before ? `, against ${format.day(before.from)} to ${format.day(before.to)}` : ""}`) : "",
    figures(rows, "before:"),
    h("p", {}),
    h("div", { class: "grid" },
      top,
      bars("Day of week", "/panels/weekdays", (row) => format.weekday(row.weekday)),
      bars("Hour of day", "/panels/hours", (row) => String(row.hour))));
  showTop("artist");

  function bars(name, path, category) {
    return panel(name, {
      question: { path, parameters: asked }, signal,
      draw: ({ rows: of }) => [playsAndHours(`Plays and hours by ${name.toLowerCase()}`, of, category), behind(name, [
        { title: name, cell: category },
        { title: "Plays", number: true, cell: (row) => format.number(row.plays) },
        { title: "Hours", number: true, cell: (row) => format.hours(row.hours) },
      ], of)],
    });
  }

  function showTop(by) {
    const name = { artist: "Top artists", album: "Top albums", track: "Top tracks" }[by];
    top.replaceChildren(panel(name, {
      question: { path: "/panels/top", parameters: { ...asked, by } }, signal, size: "wide",
      tools: [choice("Top by", [["artist", "Artists"], ["album", "Albums"], ["track", "Tracks"]], by, showTop)],
      draw: ({ rows: of }) => ranking(name.slice(4).replace(/^./, (c) => c.toUpperCase()), of, {
        href: (row) => link("artist", { artist: by === "artist" ? row.name : row.artist_name, listener: asked.listener, content: asked.content }),
      }),
    }));
  }
}
