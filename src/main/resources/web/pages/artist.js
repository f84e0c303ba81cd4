import { get } from "../api.js";
import { monthShares, playsAndHours, unbroken } from "../charts.js";
import { h } from "../dom.js";
import * as format from "../format.js";
import { behind, choosing, figures, HOURS, paged, panel, PLAYS, ranking, table } from "../parts.js";

export const title = "Artist";
export const about = "Pick one, or look at all.";
export const charts = true;
export const filters = ["range", "content", "listener"];

const STEPS = [["day", "Days"], ["week", "Weeks"], ["month", "Months"], ["year", "Years"]];

export function render(content, { asked: of, parameters, set, signal, zone }) {
  const artist = parameters.artist || undefined;
  const asked = { ...of, artist };
  content.append(
    search(),
    h("h2", { class: "chosen" }, artist ?? "All artists"),
    figures(asked, { signal, zone, only: artist ? ["plays", "hours", "albums", "tracks", "popularity"] : undefined }),
    h("div", { class: "grid" },
      choosing("Step", STEPS, "month", timeline),
      panel("Share by month of the year", {
        question: { path: "/panels/months", parameters: asked }, signal, size: "half",
        draw: ({ rows }) => [monthShares("Share of plays by month of the year", rows), behind("Share by month", [
          { title: "Month", cell: (row) => format.monthName(row.month, "long") },
          { title: "Share", number: true, cell: (row) => format.percent(row.share_percent) },
          PLAYS,
        ], rows)],
      }),
      panel("First ten plays", {
        question: { path: "/panels/first-plays", parameters: { ...asked, limit: 10 } }, signal, csv: "shown",
        draw: ({ rows }) =>
          table(
            "First plays",
            [
              { title: "When", class: "when", cell: (row) => format.clock(row.local_time) },
              {
                title: "Track",
                class: "name",
                cell: (row) => [
                  row.name ?? "Not named",
                  h(
                    "span",
                    { class: "sub" },
                    [artist ? "" : row.artist_name, row.album_name].filter(Boolean).join(" · "),
                  ),
                ],
              },
            ],
            rows,
          ),
      }),
      choosing("Top by", [["track", "Tracks"], ["album", "Albums"]], "track", top)));

  function search() {
    const names = h("datalist", { id: "artists" });
    let waiting;
    const field = h("input", {
      id: "artist",
      type: "search",
      list: "artists",
      value: artist ?? "",
      placeholder: "Search an artist",
      autocomplete: "off",
      "aria-label": "Artist",
      oninput: () => {
        clearTimeout(waiting);
        waiting = setTimeout(async () => {
          const found = await get(
            "/panels/artists",
            { listener: of.listener, content: of.content, search: field.value, limit: 12 },
            signal,
          ).catch(() => ({ rows: [] }));
          names.replaceChildren(
            ...found.rows.map((row) => h("option", { value: row.name }, `${format.number(row.plays)} plays`)),
          );
          if (found.rows.some((row) => row.name === field.value) && field.value !== artist)
            set({ artist: field.value });
        }, 200);
      },
      onchange: () => set({ artist: field.value }),
    });
    return h(
      "p",
      { class: "row" },
      field,
      names,
      artist ? h("button", { onclick: () => set({ artist: null }) }, "All artists") : "",
    );
  }

  function timeline(step, tool) {
    const written = { day: format.day, week: format.day, month: format.month, year: (day) => day.slice(0, 4) }[step];
    return panel("Over time", {
      question: { path: "/panels/timeline", parameters: { ...asked, step } }, signal, tools: [tool],
      draw: ({ rows }) => [
        playsAndHours("Plays and hours over time", unbroken(rows, step), (row) => written(row.day), {
          zoom: true,
          tall: true,
        }),
        behind("Plays and hours over time", [{ title: "From", cell: (row) => written(row.day) }, PLAYS, HOURS], rows)],
    });
  }

  function top(by, tool) {
    const question = { path: "/panels/top", parameters: { ...asked, by, limit: 10 } };
    return panel(by === "track" ? "Top tracks" : "Top albums", {
      question, signal, tools: [tool],
      draw: (first) =>
        paged(
          first,
          (offset) => get(question.path, { ...question.parameters, offset }, signal),
          (rows) => ranking(by === "track" ? "Tracks" : "Albums", rows),
          "the ranking",
        ),
    });
  }
}
