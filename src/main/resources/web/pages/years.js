import { playsAndHours, unbroken } from "../charts.js";
import { h } from "../dom.js";
import * as format from "../format.js";
import {
  behind,
  change,
  choosing,
  DIMENSIONS,
  figureName,
  figureValue,
  HOURS,
  nothing,
  panel,
  PLAYS,
  plural,
  ranking,
  select,
  table,
} from "../parts.js";
import { today } from "../ranges.js";

export const title = "Years";
export const about = "One year against another, to the same date and in full.";
export const charts = true;
export const filters = ["content", "listener"];

export function render(content, { asked, parameters, set, signal, years, zone, link }) {
  if (years.length === 0) {
    content.append(nothing("Nothing has been played yet."));
    return;
  }
  const current = Number(today(zone).slice(0, 4));
  const choices = [...new Set([current, ...years, ...years.map((year) => year - 1)])]
    .sort((a, b) => b - a)
    .map((year) => [String(year), String(year)]);
  const year = Number(parameters.year ?? years[0]);
  const other = Number(parameters.with ?? year - 1);
  content.append(
    h("p", { class: "row" },
      select("Year", choices, String(year), (value) =>
        set({ year: value, with: parameters.with ?? Number(value) - 1 }),
      ),
      select("Against", choices, String(other), (value) => set({ year, with: value }))),
    h("div", { class: "grid" },
      panel(`${year} against ${other}`, {
        question: { path: "/panels/compare-years", parameters: { ...asked, year, with: other } }, signal, size: "wide",
        draw: ({ rows }) => {
          const part = year === current && other !== current;
          return table(
            "The six figures",
            [
              { title: "", cell: (row) => figureName(row.figure) },
              { title: String(year), number: true, class: "strong", cell: (row) => figureValue(row.figure, row.value) },
              ...(part
                ? [
                    {
                      title: `${other} to the same date`,
                      number: true,
                      cell: (row) => figureValue(row.figure, row.with_to_date),
                    },
                    { title: "Change", number: true, cell: (row) => change(row.change_to_date_percent) },
                  ]
                : []),
              { title: `${other} in full`, number: true, cell: (row) => figureValue(row.figure, row.with_in_full) },
              { title: "Change", number: true, cell: (row) => change(row.change_in_full_percent) },
            ],
            rows.filter((row) => row.figure !== "popularity" || row.value !== null || row.with_in_full !== null),
          );
        },
      }),
      panel("All years", {
        question: { path: "/panels/years", parameters: asked }, signal, size: "wide",
        draw: ({ rows }) => [
          playsAndHours(
            "Plays and hours of each year",
            unbroken(rows.map((row) => ({ ...row, day: `${row.year}-01-01` })).reverse(), "year"),
            (row) => row.day.slice(0, 4),
            { onclick: ({ name }) => set({ year: name, with: Number(name) - 1 }) },
          ),
          behind(
            "All years",
            [
              {
                title: "Year",
                cell: (row) =>
                  h(
                    "a",
                    { href: link("years", { ...parameters, year: row.year, with: row.year - 1 }) },
                    String(row.year),
                  ),
              },
              PLAYS,
              HOURS,
            ],
            rows,
          ),
        ],
      }),
      choosing("Most played", DIMENSIONS, "artist", (by, tool) =>
        h(
          "div",
          {},
          h("header", { class: "row between heading" }, h("h2", {}, "Most played"), tool),
          h(
            "div",
            { class: "grid" },
            [year, other].map((one) =>
              panel(`Most played of ${one}`, {
                question: {
                  path: "/panels/top",
                  parameters: { ...asked, by, from: `${one}-01-01`, to: `${one}-12-31`, limit: 10 },
                },
                signal,
                empty: `Nothing was played in ${one}.`,
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
          ),
        ),
      ),
    ),
  );
}
