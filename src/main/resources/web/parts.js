import { address, get } from "./api.js";
import { announce, h } from "./dom.js";
import * as format from "./format.js";

/** A table from columns {title, cell, number, class}; cells may be texts or elements. */
export function table(caption, columns, rows) {
  return h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": caption },
    h("table", {},
      h("caption", { class: "hidden" }, caption),
      h("thead", {}, h("tr", {}, columns.map((column) => h("th", { scope: "col", class: column.number ? "number" : column.class }, column.title)))),
      h("tbody", {}, rows.map((row, index) => h("tr", {}, columns.map((column) => h("td", { class: column.number ? "number" : column.class }, column.cell(row, index))))))));
}

/** The numbers of a chart, for whoever cannot see it and for whoever wants them exactly. */
export function behind(caption, columns, rows) {
  return h("details", {}, h("summary", {}, "Show as table"), table(caption, columns, rows));
}

export function nothing(text = "Nothing was played in this range.") {
  return h("p", { class: "nothing" }, text);
}

/**
 * One panel: a question to the API and how its answer is drawn.
 *
 * draw(answer) returns the elements; with `question` {path, parameters} it is asked, and offered as CSV.
 */
export function panel(title, { question, draw, size = "", tools = [], note, signal, empty }) {
  const body = h("div", {});
  const section = h("section", { class: `panel ${size}`, "aria-label": title },
    h("header", {}, h("h2", {}, title),
      h("div", { class: "tools" }, tools,
        question && h("a", { class: "button quiet", href: address(question.path, { ...question.parameters, format: "csv" }), download: `${title}.csv`, "aria-label": `${title} as CSV` }, "CSV"))),
    body,
    note && h("p", { class: "note" }, note));
  const load = async () => {
    body.replaceChildren(h("div", { class: "busy", role: "status" }, h("span", { class: "hidden" }, "Loading")));
    try {
      const answer = question ? await get(question.path, question.parameters, signal) : null;
      const drawn = answer && answer.rows && answer.rows.length === 0 ? nothing(empty) : await draw(answer);
      body.replaceChildren(...[drawn].flat());
    } catch (error) {
      if (error.name === "AbortError") return;
      body.replaceChildren(h("p", { class: "nothing wrong", role: "alert" }, error.message, " ", h("button", { onclick: load }, "Try again")));
    }
  };
  section.ready = load();
  section.reload = load;
  return section;
}

/** Buttons of which one is pressed. */
export function choice(label, options, chosen, onchoose) {
  const group = h("div", { class: "choice", role: "group", "aria-label": label });
  const draw = () => group.replaceChildren(...options.map(([value, text]) => h("button", {
    type: "button",
    "aria-pressed": String(value === chosen),
    onclick: () => { chosen = value; draw(); onchoose(value); },
  }, text)));
  draw();
  return group;
}

export function select(label, options, chosen, onchange) {
  const field = h("select", { onchange: (event) => onchange(event.target.value) },
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
    box.replaceChildren(draw(rows), next === null ? "" : h("p", { class: "row" }, h("button", {
      onclick: async (event) => {
        event.target.disabled = true;
        const answer = await ask(next);
        rows = rows.concat(answer.rows);
        announce(`${rows.length} rows of ${caption}`);
        show(answer.next);
      },
    }, "Show more")));
  };
  show(first.next);
  return box;
}

const FIGURES = {
  plays: ["Tracks played", format.number], hours: ["Hours", format.hours], artists: ["Artists", format.number],
  albums: ["Albums", format.number], tracks: ["Tracks", format.number], popularity: ["Average popularity", format.decimal],
};

export function change(percent) {
  if (percent === null) return h("span", { class: "change" }, "nothing to compare with");
  const direction = percent > 0 ? "up" : percent < 0 ? "down" : "";
  return h("span", { class: "change" }, h("span", { class: direction }, format.change(percent)), " ");
}

/** The six figures, each with its change; popularity only where Spotify gave any. */
export function figures(rows, compared) {
  return h("dl", { class: "figures" }, rows.filter((row) => row.figure !== "popularity" || row.value !== null).map((row) => {
    const [name, written] = FIGURES[row.figure];
    return h("div", { class: "figure", "data-figure": row.figure }, h("dt", {}, name),
      h("dd", { class: "value", "data-value": row.value }, written(row.value)),
      h("dd", { class: "change" }, change(row.change_percent), row.change_percent !== null && `${compared} ${written(row.before)}`));
  }));
}

export const figureName = (figure) => FIGURES[figure][0];
export const figureValue = (figure, value) => FIGURES[figure][1](value);

/** A ranking with a bar for each row's share of the first. */
export function ranking(caption, rows, { by = "plays", href } = {}) {
  const most = Math.max(...rows.map((row) => row[by]), 1);
  return table(caption, [
    { title: "#", number: true, cell: (row, index) => format.number(row.rank ?? index + 1) },
    {
      title: caption, class: "name", cell: (row) => [
        href && row.name ? h("a", { href: href(row) }, row.name) : (row.name ?? "Not named"),
        row.artist_name && row.artist_name !== row.name ? h("span", { class: "sub" }, row.artist_name) : "",
      ],
    },
    { title: "", class: "share", cell: (row) => h("meter", { min: 0, max: most, value: row[by], "aria-hidden": "true" }) },
    { title: "Plays", number: true, cell: (row) => format.number(row.plays) },
    { title: "Hours", number: true, cell: (row) => format.hours(row.hours) },
  ], rows);
}

/** Days of the week by hours of the day, with totals of rows and columns. */
export function heatmap(rows, measure) {
  const most = Math.max(...rows.map((row) => row[measure]), 1);
  const written = measure === "hours" ? format.hours : format.number;
  const sum = (some) => some.reduce((total, row) => total + row[measure], 0);
  const hours = [...Array(24).keys()];
  return h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "Day of week by hour" }, h("table", { class: "heat" },
    h("caption", { class: "hidden" }, `${measure} by day of week and hour of day`),
    h("thead", {}, h("tr", {}, h("td", { class: "total" }), hours.map((hour) => h("th", { scope: "col" }, String(hour))), h("th", { scope: "col" }, "Total"))),
    h("tbody", {}, [1, 2, 3, 4, 5, 6, 7].map((weekday) => {
      const ofDay = rows.filter((row) => row.weekday === weekday);
      return h("tr", {}, h("th", { scope: "row" }, format.weekday(weekday)),
        hours.map((hour) => {
          const row = ofDay.find((one) => one.hour === hour);
          const cell = h("td", { title: `${format.weekday(weekday, "long")} ${hour}:00: ${written(row[measure])}`, "data-value": row[measure] }, row[measure] ? written(row[measure]) : "");
          cell.style.setProperty("--heat", String(Math.round((row[measure] / most) * 100)));
          return cell;
        }), h("td", { class: "total" }, written(sum(ofDay))));
    })),
    h("tfoot", {}, h("tr", {}, h("th", { scope: "row" }, "Total"),
      hours.map((hour) => h("td", { class: "total" }, written(sum(rows.filter((row) => row.hour === hour))))), h("td", { class: "total" }, written(sum(rows)))))));
}
