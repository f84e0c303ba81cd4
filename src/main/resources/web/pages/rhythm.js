import { get } from "../api.js";
import { monthShares } from "../charts.js";
import { h } from "../dom.js";
import * as format from "../format.js";
import { behind, choosing, figure, figures, heatmap, HOURS, panel, PLAYS, table, yearOfDays } from "../parts.js";

export const title = "Rhythm";
export const about = "When you listen.";
export const filters = ["range", "content", "listener"];

const YEARS_AT_ONCE = 4;

export function render(content, { asked, signal, zone, link }) {
  content.append(
    figures(asked, { signal, zone, only: ["plays", "hours"] }),
    h("div", { class: "grid" },
      choosing(
        "Measure",
        [
          ["plays", "Plays"],
          ["hours", "Hours"],
        ],
        "plays",
        (measure, tool) =>
          panel("Day of week by hour", {
            question: { path: "/panels/heatmap", parameters: asked },
            signal,
            tools: [tool],
            draw: ({ rows }) => heatmap(rows, measure),
          }),
      ),
      panel("Calendar", {
        question: { path: "/panels/timeline", parameters: { ...asked, step: "day" } }, signal, size: "wide",
        draw: ({ rows }) => [
          calendar(rows),
          behind(
            "Plays of each day",
            [{ title: "Day", cell: (row) => format.day(row.day) }, PLAYS, HOURS],
            [...rows].reverse(),
          ),
        ],
      }),
      panel("Share by month of the year", {
        question: { path: "/panels/months", parameters: asked }, signal,
        draw: ({ rows }) => [monthShares("Share of plays by month of the year", rows), behind("Share by month", [
          { title: "Month", cell: (row) => format.monthName(row.month, "long") },
          { title: "Share", number: true, cell: (row) => format.percent(row.share_percent) },
          PLAYS,
        ], rows)],
      }),
      panel("Longest streaks", {
        question: { path: "/panels/streaks", parameters: { ...asked, limit: 5 } }, signal,
        note: "Days in a row, each with a play.",
        draw: ({ rows }) => table("Longest streaks", [
          { title: "Days", number: true, class: "rank", cell: (row) => format.number(row.days) },
          { title: "From", cell: (row) => format.day(row.first_day) },
          { title: "To", cell: (row) => format.day(row.last_day) },
        ], rows),
      }),
      panel("Sessions", {
        question: { path: "/panels/sessions", parameters: { ...asked, limit: 5 } }, signal, size: "wide",
        note: "A pause of 30 minutes ends a session.",
        draw: sessions,
      })));

  function calendar(rows) {
    const most = Math.max(...rows.map((row) => row.plays));
    const years = [...new Set(rows.map((row) => Number(row.day.slice(0, 4))))].reverse();
    const day = (on) => link("log", { from: on, to: on, listener: asked.listener });
    const box = h("div", { class: "years" });
    const show = (count) =>
      box.replaceChildren(
        ...years.slice(0, count).map((year) =>
          yearOfDays(
            year,
            rows.filter((row) => Number(row.day.slice(0, 4)) === year),
            most,
            day,
          ),
        ),
        count < years.length ? h("p", {}, h("button", { onclick: () => show(years.length) }, "Earlier years")) : "",
      );
    show(YEARS_AT_ONCE);
    return box;
  }

  async function sessions({ rows }) {
    const { rows: [of] } = await get("/panels/session-figures", asked, signal);
    return [
      h("dl", { class: "figures" },
        figure("Sessions", format.number(of.sessions)),
        figure("Minutes on average", format.decimal(of.average_minutes)),
        figure("Plays on average", format.decimal(of.average_plays)),
        figure("Longest, minutes", format.decimal(of.longest_minutes)),
      ),
      table("Longest sessions", [
        { title: "Began", class: "when", cell: (row) => format.moment(row.started_at, zone) },
        { title: "Ended", class: "when spare", cell: (row) => format.moment(row.ended_at, zone) },
        { title: "Minutes", number: true, cell: (row) => format.number(Math.round(row.minutes)) },
        PLAYS,
      ], rows),
    ];
  }
}
