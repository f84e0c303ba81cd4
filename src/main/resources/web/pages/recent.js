import { get } from "../api.js";
import { hoursBeside } from "../charts.js";
import { h } from "../dom.js";
import * as format from "../format.js";
import { behind, choosing, DIMENSIONS, figures, HOURS, panel, PLAYS, plural, ranking } from "../parts.js";

export const title = "Recent";
export const about = "What you played, against the days before.";
export const charts = true;
export const filters = ["range", "content", "listener"];
export const range = "days=30";

export function render(content, { asked, signal, zone, link }) {
  const summary = figures(asked, { signal, zone });
  content.append(
    summary,
    h(
      "div",
      { class: "grid" },
      choosing("Top by", DIMENSIONS, "artist", (by, tool) =>
        panel(`Top ${plural(by).toLowerCase()}`, {
          question: { path: "/panels/top", parameters: { ...asked, by, limit: 10 } },
          signal,
          tools: [tool],
          draw: ({ rows }) =>
            ranking(plural(by), rows, {
              href: (row) =>
                link("artist", {
                  artist: by === "artist" ? row.name : row.artist_name,
                  listener: asked.listener,
                  content: asked.content,
                }),
            }),
        }),
      ),
      bars("Day of week", "/panels/weekdays", (row) => format.weekday(row.weekday)),
      bars("Hour of day", "/panels/hours", (row) => String(row.hour)),
    ),
  );

  function bars(name, path, category) {
    return panel(name, {
      question: { path, parameters: asked }, signal,
      draw: async ({ rows }) => {
        const { before: days } = await summary.answer;
        const before = days && (await get(path, { ...asked, days: null, ...days }, signal)).rows;
        return [hoursBeside(`Hours by ${name.toLowerCase()}`, rows, before, category), behind(name, [
          { title: name, cell: category }, PLAYS, HOURS,
          ...(before ? [
            { title: "Plays before", number: true, cell: (row, index) => format.number(before[index].plays) },
            { title: "Hours before", number: true, cell: (row, index) => format.hours(before[index].hours) },
          ] : []),
        ], rows)];
      },
    });
  }
}
