import { get } from "../api.js";
import { h } from "../dom.js";
import * as format from "../format.js";
import { nothing, panel, ranking, table } from "../parts.js";

export const title = "Wrapped";
export const about = "Any range, in any month.";
export const filters = ["range", "content", "listener"];
export const range = "days=365";

export async function render(content, { asked, signal, zone, link }) {
  const { rows, range: days } = await get("/panels/wrapped", asked, signal);
  if (!rows.some((row) => row.fact === "plays" && row.number > 0)) {
    content.append(nothing());
    return;
  }
  const fact = Object.fromEntries(rows.map((row) => [row.fact, row]));
  const by = (row) => h("span", { class: "change" }, row.artist_name ?? "");
  content.append(
    h("p", { class: "note" }, `${format.day(days.from)} to ${format.day(days.to)}`),
    h("dl", { class: "figures" },
      card("Minutes", "minutes", (row) => format.number(Math.round(row.number))),
      card("Plays", "plays", (row) => format.number(row.number)),
      card("First play", "first_play", (row) => row.name, (row) => [by(row), " ", format.moment(row.at, zone)]),
      card("Last play", "last_play", (row) => row.name, (row) => [by(row), " ", format.moment(row.at, zone)]),
      card("Most repeated in a day", "most_repeated", (row) => row.name, (row) => [by(row), ` ${format.number(row.number)} times on ${format.day(row.day)}`]),
      card("Biggest discovery", "biggest_discovery", (row) => row.name, (row) => `${format.number(row.number)} plays since ${format.moment(row.at, zone, { dateStyle: "medium" })}`),
      card("Skipped", "skip_percent", (row) => format.percent(row.number), () => fact.skips ? `${format.number(fact.skips.number)} skips` : "")),
    h("p", {}),
    h("div", { class: "grid" },
      ...[["artist", "Top artists"], ["track", "Top tracks"], ["album", "Top albums"]].map(([dimension, name]) => panel(name, {
        question: { path: "/panels/top", parameters: { ...asked, by: dimension, limit: 5 } }, signal, size: "third",
        draw: ({ rows: all }) => ranking(`${dimension[0].toUpperCase()}${dimension.slice(1)}s`, all, { href: dimension === "artist" ? (row) => link("artist", { artist: row.name }) : undefined }),
      })),
      named("Places", "/panels/countries", (name) => (name ? new Intl.DisplayNames(undefined, { type: "region", fallback: "code" }).of(name) : "Not said")),
      named("Devices", "/panels/devices", (name) => name ?? "Not said")));

  function card(name, key, value, more) {
    const row = fact[key];
    if (!row) return "";
    const text = value(row) ?? "Not named";
    return h("div", { class: "figure", "data-fact": key }, h("dt", {}, name), h("dd", { class: /^[\d\s.,%\u00a0\u202f]+$/.test(text) ? "value" : "small" }, text), more && h("dd", { class: "change" }, more(row)));
  }

  function named(name, path, written) {
    return panel(name, {
      question: { path, parameters: { ...asked, limit: 8 } }, signal,
      draw: ({ rows: all }) => table(name, [
        { title: name, class: "name", cell: (row) => { try { return written(row.name); } catch { return row.name; } } },
        { title: "", class: "share", cell: (row) => h("meter", { min: 0, max: Math.max(...all.map((one) => one.plays)), value: row.plays, "aria-hidden": "true" }) },
        { title: "Plays", number: true, cell: (row) => format.number(row.plays) },
        { title: "Hours", number: true, cell: (row) => format.hours(row.hours) },
      ], all),
    });
  }
}
