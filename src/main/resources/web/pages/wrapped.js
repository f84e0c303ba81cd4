import { get } from "../api.js";
import { h } from "../dom.js";
import * as format from "../format.js";
import { asCsv, change, DIMENSIONS, figures, HOURS, nothing, panel, PLAYS, ranking, share, table } from "../parts.js";

export const title = "Wrapped";
export const about = "Any range, in any month.";
export const filters = ["range", "content", "listener"];
export const range = "days=365";

const regions = new Intl.DisplayNames(undefined, { type: "region", fallback: "code" });

function country(code) {
  try {
    return code ? regions.of(code) : "Not said";
  } catch {
    return code; // Spotify writes ZZ and the like where it does not know
  }
}

export async function render(content, { asked, signal, zone, link }) {
  const summary = figures(asked, { signal, zone, only: ["plays", "artists", "albums", "tracks"] });
  const grid = h("div", { class: "grid" },
    ...DIMENSIONS.map(([dimension, name]) =>
      panel(`Top ${name.toLowerCase()}`, {
        question: { path: "/panels/top", parameters: { ...asked, by: dimension, limit: 5 } },
        signal,
        size: "third",
        draw: ({ rows: all }) =>
          ranking(name, all, {
            href:
              dimension === "artist"
                ? (row) => link("artist", { artist: row.name, listener: asked.listener, content: asked.content })
                : undefined,
          }),
      }),
    ),
    named("Places", "/panels/countries", country),
    named("Devices", "/panels/devices", (name) => name ?? "Not said"));
  const [{ rows, range: days }, { rows: six }] = await Promise.all([
    get("/panels/wrapped", asked, signal),
    summary.answer,
  ]);
  if (!rows.some((row) => row.fact === "plays" && row.number > 0)) {
    content.append(nothing());
    return;
  }
  const fact = Object.fromEntries(rows.map((row) => [row.fact, row]));
  const hours = six.find((row) => row.figure === "hours");
  const on = (day) => link("log", { from: day, to: day, listener: asked.listener });
  content.append(
    h("section", { class: "hero", "aria-label": "Minutes" },
      h(
        "p",
        { class: "row between" },
        format.span(days),
        asCsv("Wrapped", { path: "/panels/wrapped", parameters: asked }),
      ),
      h(
        "p",
        { class: "minutes", "data-fact": "minutes" },
        h("strong", {}, format.number(Math.round(fact.minutes.number))),
        " minutes",
      ),
      h(
        "p",
        {},
        `That is ${format.decimal(fact.minutes.number / 1440)} days of sound`,
        hours.change_percent === null ? "." : [", ", change(hours.change_percent), " against the days before."],
      ),
    ),
    summary,
    h("dl", { class: "figures facts" },
      card("First play", "first_play", (row) => row.name, (row) => [row.artist_name, format.moment(row.at, zone)]),
      card("Last play", "last_play", (row) => row.name, (row) => [row.artist_name, format.moment(row.at, zone)]),
      card(
        "Most repeated in a day",
        "most_repeated",
        (row) => row.name,
        (row) => [
          row.artist_name,
          h("a", { href: on(row.day) }, `${format.number(row.number)} times on ${format.day(row.day)}`),
        ],
      ),
      card(
        "Biggest discovery",
        "biggest_discovery",
        (row) =>
          h(
            "a",
            { href: link("artist", { artist: row.name, listener: asked.listener, content: asked.content }) },
            row.name,
          ),
        (row) => [
          `${format.number(row.number)} plays`,
          `since ${format.moment(row.at, zone, { dateStyle: "medium" })}`,
        ],
      ),
      card(
        "Skipped",
        "skip_percent",
        (row) => format.percent(row.number),
        () => [`${format.number(fact.skips?.number)} skips`, "of the plays of which Spotify says how they ended"],
      ),
    ),
    grid);

  function card(name, key, value, more) {
    const row = fact[key];
    return row
      ? h(
          "div",
          { class: "figure", "data-fact": key },
          h("dt", {}, name),
          h("dd", { class: "value" }, value(row) ?? "Not named"),
          more(row)
            .filter(Boolean)
            .map((line) => h("dd", { class: "about" }, line)),
        )
      : "";
  }

  function named(name, path, written) {
    return panel(name, {
      question: { path, parameters: { ...asked, limit: 8 } }, signal,
      draw: ({ rows: all }) => table(name, [
        { title: name, class: "name", cell: (row) => written(row.name) },
        { title: "", class: "share", cell: (row) => share(row.plays, all[0].plays) },
        PLAYS,
        HOURS,
      ], all),
    });
  }
}
