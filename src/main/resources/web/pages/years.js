import { get } from "../api.js";
import { h } from "../dom.js";
import * as format from "../format.js";
import { change, choice, figureName, figureValue, nothing, panel, ranking, select, table } from "../parts.js";
import { playsAndHours } from "../charts.js";

export const title = "Years";
export const about = "One year against another, to the same date and in full.";
export const filters = ["content", "listener"];

export async function render(content, { asked, parameters, set, signal, years, link }) {
  if (years.length === 0) {
    content.append(nothing("Nothing has been played yet."));
    return;
  }
  const current = new Date().getFullYear();
  const choices = [...new Set([current, ...years, ...years.map((year) => year - 1)])].sort((a, b) => b - a);
  const year = Number(parameters.year ?? years[0]);
  const other = Number(parameters.with ?? year - 1);
  content.append(h("div", { class: "row" },
    select("Year", choices.map((one) => [String(one), String(one)]), String(year), (value) => set({ year: value, with: parameters.with ?? Number(value) - 1 })),
    select("Against", choices.map((one) => [String(one), String(one)]), String(other), (value) => set({ year, with: value }))), h("p", {}));
  const tops = h("div", { class: "wide grid" });
  content.append(h("div", { class: "grid" },
    panel(`${year} against ${other}`, {
      question: { path: "/panels/compare-years", parameters: { ...asked, year, with: other } }, signal, size: "wide",
      draw: ({ rows }) => table("The six figures", [
        { title: "", cell: (row) => figureName(row.figure) },
        { title: String(year), number: true, cell: (row) => figureValue(row.figure, row.value) },
        { title: `${other} to the same date`, number: true, cell: (row) => figureValue(row.figure, row.with_to_date) },
        { title: "Change", number: true, cell: (row) => change(row.change_to_date_percent) },
        { title: `${other} in full`, number: true, cell: (row) => figureValue(row.figure, row.with_in_full) },
        { title: "Change", number: true, cell: (row) => change(row.change_in_full_percent) },
      ], rows.filter((row) => row.figure !== "popularity" || row.value !== null || row.with_in_full !== null)),
    }),
    panel("All years", {
      question: { path: "/panels/years", parameters: asked }, signal, size: "wide",
      draw: ({ rows }) => [
        playsAndHours("Plays and hours of each year", [...rows].reverse(), (row) => String(row.year), { onclick: ({ name }) => set({ year: name, with: Number(name) - 1 }) }),
        h("details", {}, h("summary", {}, "Show as table"), table("All years", [
          { title: "Year", cell: (row) => h("a", { href: link("years", { ...parameters, year: row.year, with: row.year - 1 }) }, String(row.year)) },
          { title: "Plays", number: true, cell: (row) => format.number(row.plays) },
          { title: "Hours", number: true, cell: (row) => format.hours(row.hours) },
        ], rows)),
      ],
    }),
    tops));
  showTops("artist");

  function showTops(by) {
    tops.replaceChildren(...[year, other].map((one, index) => panel(`Most played of ${one}`, {
      question: { path: "/panels/top", parameters: { ...asked, by, from: `${one}-01-01`, to: `${one}-12-31` } }, signal,
      tools: index === 0 ? [choice("Most played", [["artist", "Artists"], ["album", "Albums"], ["track", "Tracks"]], by, showTops)] : [],
      empty: `Nothing was played in ${one}.`,
      draw: ({ rows }) => ranking(`${by[0].toUpperCase()}${by.slice(1)}s`, rows),
    })));
  }
}
