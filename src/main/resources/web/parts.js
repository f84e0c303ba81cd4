import { address, csv, get } from "./api.js";
import { announce, h } from "./dom.js";
import * as format from "./format.js";

const aligned = (column) => [column.number && "number", column.class].filter(Boolean).join(" ") || null;

/**
 * A table from columns {title, cell, number, class}; cells may be texts or elements. Where group(row) changes, a line
 * says so.
 */
export function table(caption, columns, rows, group) {
  let last;
  return h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": caption },
    h("table", {},
      h("caption", { class: "hidden" }, caption),
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          columns.map((column) => h("th", { scope: "col", class: aligned(column) }, column.title)),
        ),
      ),
      h("tbody", {}, rows.map((row, index) => {
        const line = h("tr", {}, columns.map((column) => h("td", { class: aligned(column) }, column.cell(row, index))));
        const now = group?.(row);
        if (now === last) return line;
        last = now;
        return [h("tr", { class: "group" }, h("th", { scope: "rowgroup", colspan: columns.length }, now)), line];
      }).flat())));
}

/** The numbers of a chart, for whoever cannot see it and for whoever wants them exactly; made when it is opened. */
export function behind(caption, columns, rows) {
  const box = h("details", {
    ontoggle: () => { if (!box.querySelector("table")) box.append(table(caption, columns, rows)); },
  }, h("summary", {}, "Show as table"));
  return box;
}

export const PLAYS = { title: "Plays", number: true, cell: (row) => format.number(row.plays) };
export const HOURS = { title: "Hours", number: true, cell: (row) => format.hours(row.hours) };

export function nothing(text = "Nothing was played in this range.") {
  return h("p", { class: "nothing" }, text);
}

/**
 * One panel: a question to the API and how its answer is drawn.
 *
 * draw(answer) returns the elements; with `question` {path, parameters} it is asked, and offered as CSV.
 * `section.renew()` asks again and draws what has changed, or everything if told so.
 */
export function panel(title, { question, draw, size = "", tools = [], note, signal, empty, csv = true }) {
  const body = h("div", { class: "body" });
  const section = h("section", { class: `panel ${size}`, "aria-label": title },
    h("header", {}, h("h2", {}, title),
      h("div", { class: "tools" }, tools,
        question && csv && asCsv(title, question, csv))),
    body,
    note && h("p", { class: "note" }, note));
  let seen;
  section.renew = async (everything) => {
    try {
      const answer = question ? await get(question.path, question.parameters, signal) : null;
      const now = JSON.stringify(answer);
      if (answer && now === seen && everything !== true) return;
      seen = now;
      const none = answer?.rows?.length === 0;
      section.classList.toggle("none", none);
      body.replaceChildren(...[none ? nothing(empty) : await draw(answer)].flat());
    } catch (error) {
      if (error.name === "AbortError") return;
      seen = undefined;
      body.replaceChildren(
        h(
          "p",
          { class: "nothing wrong", role: "alert" },
          error.message,
          " ",
          h("button", { onclick: section.renew }, "Try again"),
        ),
      );
    }
  };
  body.append(h("div", { class: "busy", role: "status" }, h("span", { class: "hidden" }, "Loading")));
  section.renew();
  return section;
}

/**
 * Offers an answer for a spreadsheet: by a link or, where it comes page by page and not only what is "shown" is wanted,
 * by fetching them all.
 */
export function asCsv(title, { path, parameters }, wanted) {
  const download = `${title}.csv`;
  const href = address(path, { ...parameters, format: "csv" });
  const link = h(
    "a",
    {
      class: "button quiet",
      download,
      "aria-label": `${title} as CSV`,
      href,
      onclick: "limit" in parameters && wanted !== "shown" ? fetchAll : null,
    },
    "CSV",
  );
  return link;

  async function fetchAll(event) {
    event.preventDefault();
    try {
      const all = await csv(path, parameters, (pages) => {
        if (pages > 1) link.textContent = `${format.number(pages * 1000)} rows…`;
      });
      const file = URL.createObjectURL(all);
      h("a", { href: file, download }).click();
      URL.revokeObjectURL(file);
      link.textContent = "CSV";
    } catch (error) {
      link.textContent = error.message;
    }
  }
}

/** Buttons of which one is pressed. */
export function choice(label, options, chosen, onchoose) {
  return h(
    "div",
    { class: "choice", role: "group", "aria-label": label },
    options.map(([value, text]) =>
      h(
        "button",
        {
          type: "button",
          "aria-pressed": String(value === chosen),
          onclick: (event) => {
            for (const button of event.target.parentElement.children)
              button.setAttribute("aria-pressed", String(button === event.target));
            onchoose(value);
          },
        },
        text,
      ),
    ),
  );
}

/** A panel that is drawn anew for each choice, under its own heading; the choice keeps the keyboard. */
export function choosing(label, options, first, make, size = "wide") {
  const box = h("div", { class: size });
  const show = (chosen, focus) => {
    box.replaceChildren(make(chosen, choice(label, options, chosen, (value) => show(value, true))));
    if (focus) box.querySelector("[aria-pressed=true]").focus();
  };
  show(first, false);
  return box;
}

export function select(label, options, chosen, onchange) {
  const field = h("select", { id: `choose-${label.toLowerCase()}`, onchange: (event) => onchange(event.target.value) },
    options.map(([value, text]) => h("option", { value }, text)));
  field.value = chosen;
  if (field.selectedIndex < 0) field.selectedIndex = 0;
  return h("label", { class: "field" }, label, field);
}

/** Rows that come page by page: more(next) asks for the next ones. */
export function paged(first, ask, draw, caption) {
  const box = h("div", {});
  let rows = first.rows;
  const show = (next) => {
    box.replaceChildren(draw(rows), next === null ? "" : h("p", { class: "more" }, h("button", {
      onclick: async (event) => {
        event.target.disabled = true;
        const answer = await ask(next);
        rows = rows.concat(answer.rows);
        announce(`${rows.length} rows of ${caption}`);
        show(answer.next);
        box.querySelector(".more button")?.focus({ preventScroll: true });
      },
    }, "Show more")));
  };
  show(first.next);
  return box;
}

const FIGURES = {
  plays: ["Tracks played", format.number], hours: ["Hours", format.hours], artists: ["Artists", format.number],
  albums: ["Albums", format.number],
  tracks: ["Tracks", format.number],
  popularity: ["Average popularity", format.decimal],
};

export const figureName = (figure) => FIGURES[figure][0];
export const figureValue = (figure, value) => FIGURES[figure][1](value);

export function change(percent) {
  if (percent === null) return h("span", {}, "–");
  const direction = percent > 0 ? "up" : percent < 0 ? "down" : "same";
  return h("span", { class: direction }, format.change(percent));
}

/** One number with its name, and what there is to say about it. */
export function figure(name, value, more, attributes = {}) {
  return h(
    "div",
    { class: "figure", ...attributes },
    h("dt", {}, name),
    h("dd", { class: "value" }, value),
    more && h("dd", { class: "about" }, more),
  );
}

/**
 * The figures of a range, each with its change from the range before; popularity only where Spotify gave any.
 *
 * `.answer` is what the API said, for whoever compares more.
 */
export function figures(asked, { signal, zone, only = Object.keys(FIGURES), more = () => [] } = {}) {
  const count = only.filter((name) => name !== "popularity").length;
  const list = h(
    "dl",
    { class: "figures" },
    Array.from({ length: count }, () => h("div", { class: "figure" }, h("div", { class: "busy", role: "status" }))),
  );
  const said = h("p", { class: "note range" }, "\u00a0");
  const box = h("div", { class: "summary" }, said, list);
  box.answer = get("/panels/figures", asked, signal);
  box.answer
    .then(({ rows, range, before }) => {
      said.replaceChildren(
        format.span(range),
        before ? ` against ${format.span(before)}` : "",
        zone ? ` · ${zone}` : "",
        asCsv("These figures", { path: "/panels/figures", parameters: asked }),
      );
      list.replaceChildren(
        ...rows
          .filter((row) => only.includes(row.figure) && (row.figure !== "popularity" || row.value !== null))
          .map((row) =>
            figure(
              figureName(row.figure),
              figureValue(row.figure, row.value),
              before && [
                row.change_percent === null ? "" : change(row.change_percent),
                ` before: ${figureValue(row.figure, row.before)}`,
              ],
              { "data-figure": row.figure },
            ),
          ),
        ...more(rows),
      );
    })
    .catch((error) => {
      if (error.name !== "AbortError") list.replaceChildren(h("p", { class: "wrong", role: "alert" }, error.message));
    });
  return box;
}

/** How much of the most a row has. */
export function share(value, most) {
  return h("span", {
    class: "bar",
    "aria-hidden": "true",
    "--of": `${most > 0 ? Math.round((value / most) * 1000) / 10 : 0}%`,
  });
}

/** A ranking with a bar for each row's share of the first. */
export function ranking(caption, rows, { by = "plays", href } = {}) {
  const most = Math.max(...rows.map((row) => row[by]), 1);
  return table(caption, [
    { title: "#", number: true, class: "rank", cell: (row, index) => format.number(row.rank ?? index + 1) },
    {
      title: caption, class: "name", cell: (row) => [
        href && row.name ? h("a", { href: href(row) }, row.name) : (row.name ?? "Not named"),
        row.artist_name && row.artist_name !== row.name ? h("span", { class: "sub" }, row.artist_name) : "",
      ],
    },
    { title: "", class: "share", cell: (row) => share(row[by], most) },
    PLAYS,
    HOURS,
  ], rows);
}

export const DIMENSIONS = [["artist", "Artists"], ["album", "Albums"], ["track", "Tracks"]];
export const plural = (dimension) => Object.fromEntries(DIMENSIONS)[dimension];

/** How warm a cell is: the root, so that few plays still differ from none. */
const warmth = (value, most) => String(Math.round(Math.sqrt(value / most) * 100));

/** Days of the week by hours of the day, with totals of rows and columns. */
export function heatmap(rows, measure) {
  const most = Math.max(...rows.map((row) => row[measure]), 1);
  const written = measure === "hours" ? format.hours : format.number;
  const sum = (some) => written(some.reduce((total, row) => total + row[measure], 0));
  const hours = [...Array(24).keys()];
  return h(
    "div",
    { class: "scroll", tabindex: 0, role: "region", "aria-label": "Day of week by hour" },
    h(
      "table",
      { class: "heat" },
      h("caption", { class: "hidden" }, `${measure} by day of week and hour of day`),
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          h("td", { class: "total" }),
          hours.map((hour) => h("th", { scope: "col" }, String(hour))),
          h("th", { scope: "col" }, "Total"),
        ),
      ),
      h(
        "tbody",
        {},
        [1, 2, 3, 4, 5, 6, 7].map((weekday) => {
          const ofDay = rows.filter((row) => row.weekday === weekday);
          return h(
            "tr",
            {},
            h("th", { scope: "row" }, format.weekday(weekday)),
            hours.map((hour) => {
              const value = ofDay.find((row) => row.hour === hour)[measure];
              return h(
                "td",
                {
                  title: `${format.weekday(weekday, "long")} ${hour}:00: ${written(value)} ${measure}`,
                  "--heat": warmth(value, most),
                },
                value ? written(value) : "",
              );
            }),
            h("td", { class: "total" }, sum(ofDay)),
          );
        }),
      ),
      h(
        "tfoot",
        {},
        h(
          "tr",
          {},
          h("th", { scope: "row" }, "Total"),
          hours.map((hour) => h("td", { class: "total" }, sum(rows.filter((row) => row.hour === hour)))),
          h("td", { class: "total" }, sum(rows)),
        ),
      ),
    ),
  );
}

/** The days of a year in columns of weeks, Monday on top; each day leads to its plays. */
export function yearOfDays(year, rows, most, href) {
  const known = new Map(rows.map((row) => [row.day, row]));
  const first = new Date(Date.UTC(year, 0, 1));
  const offset = (first.getUTCDay() + 6) % 7;
  const days = [];
  const months = [];
  for (
    let date = first, index = 0;
    date.getUTCFullYear() === year;
    date = new Date(date.getTime() + 86_400_000), index++
  ) {
    const day = date.toISOString().slice(0, 10);
    const place = index + offset;
    const plays = known.get(day)?.plays ?? 0;
    const cell = {
      "--column": String(Math.floor(place / 7) + 2),
      "--row": String((place % 7) + 2),
      "--heat": warmth(plays, most),
      title: `${format.day(day)}: ${format.number(plays)} plays`,
    };
    days.push(
      plays ? h("a", { ...cell, class: "day", href: href(day), tabindex: -1 }) : h("span", { ...cell, class: "day" }),
    );
    if (date.getUTCDate() === 1)
      months.push(
        h(
          "span",
          { class: "month", "--column": String(Math.floor((place + 6) / 7) + 2) },
          format.monthName(date.getUTCMonth() + 1),
        ),
      );
  }
  return h(
    "div",
    { class: "year" },
    h(
      "h3",
      {},
      String(year),
      " ",
      h(
        "span",
        { class: "sub" },
        `${format.number(rows.reduce((sum, row) => sum + row.plays, 0))} plays on ${format.number(rows.length)} days`,
      ),
    ),
    h(
      "div",
      { class: "scroll" },
      h(
        "div",
        { class: "days", "aria-hidden": "true" },
        months,
        [1, 3, 5, 7].map((weekday) =>
          h("span", { class: "weekday", "--row": String(weekday + 1) }, format.weekday(weekday)),
        ),
        days,
      ),
    ),
  );
}
