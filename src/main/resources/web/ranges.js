import { h } from "./dom.js";
import * as format from "./format.js";
import { select } from "./parts.js";

const DAY = 86_400_000;
const LAST = [
  ["days=7", "Last 7 days"],
  ["days=30", "Last 30 days"],
  ["days=90", "Last 90 days"],
  ["days=365", "Last 365 days"],
  ["", "All time"],
];

const parse = (day) => new Date(`${day}T00:00:00Z`);
const write = (date) => date.toISOString().slice(0, 10);
const plus = (day, days) => write(new Date(parse(day).getTime() + days * DAY));
const query = ({ from, to }) => `from=${from}&to=${to}`;

function month(day, offset = 0) {
  const date = parse(day);
  const [year, index] = [date.getUTCFullYear(), date.getUTCMonth() + offset];
  return { from: write(new Date(Date.UTC(year, index, 1))), to: write(new Date(Date.UTC(year, index + 1, 0))) };
}

/** The day on the clock of a listener; the browser may be elsewhere. */
export const today = (zone) => new Date().toLocaleDateString("sv", { timeZone: zone });

const year = (number) => ({ from: `${number}-01-01`, to: `${number}-12-31` });
const same = (one, other) => one.from === other.from && one.to === other.to;

/**
 * The range of the same kind before or after: a month moves by a month, a year by a year, other days by their number.
 * A number of days that happens to be a month (30 on 30 November) moves by that number.
 */
export function moved(range, by) {
  if (!range.days && same(range, month(range.from))) return month(range.from, by);
  const number = Number(range.from.slice(0, 4));
  if (!range.days && same(range, year(number))) return year(number + by);
  const days = (parse(range.to) - parse(range.from)) / DAY + 1;
  return { from: plus(range.from, by * days), to: plus(range.to, by * days) };
}

/** The chosen days: {from, to}, or {days}, or nothing for all. */
export function chosenRange(fallback, parameters) {
  if (parameters.from || parameters.to) return { from: parameters.from, to: parameters.to };
  if (parameters.days) return { days: parameters.days };
  return parameters.all || !fallback ? {} : Object.fromEntries(new URLSearchParams(fallback));
}

/** The controls that choose the days of a page, with steps to the days before and after. */
export function rangeFilter(range, { years, zone, set }) {
  const last = today(zone);
  const choose = (wanted) =>
    set({ days: wanted.days, from: wanted.from, to: wanted.to, all: wanted.days || wanted.from ? null : 1 });
  const chosen = range.from && range.to ? range : null;
  const shown = range.days ? { days: range.days, from: plus(last, 1 - range.days), to: last } : chosen;
  const value =
    range.from || range.to ? `from=${range.from ?? ""}&to=${range.to ?? ""}` : range.days ? `days=${range.days}` : "";
  const options = [
    ...LAST,
    [query(month(last)), "This month"],
    [query(month(last, -1)), "Last month"],
    ...years.map((one) => [query(year(one)), String(one)]),
  ];
  const custom = !options.some(([known]) => known === value);
  if (custom && shown && same(shown, month(shown.from))) options.push([value, format.month(shown.from)]);
  const other = !options.some(([known]) => known === value);
  options.push([other ? value : "other", "Other days…"]);

  const take = () => from.value && to.value && from.value <= to.value && choose({ from: from.value, to: to.value });
  const from = h("input", { id: "from", type: "date", value: shown?.from ?? "", "aria-label": "From", onchange: take });
  const to = h("input", { id: "to", type: "date", value: shown?.to ?? last, "aria-label": "To", onchange: take });
  const days = h("div", { class: "row", hidden: !other }, from, to);
  const step = (by, sign, name) => h("button", {
    id: `step${by}`, type: "button", class: "step", "aria-label": name, title: name,
    disabled: !shown || (by > 0 && shown.to >= last), onclick: () => choose(moved(shown, by)),
  }, sign);
  return [
    days,
    h("div", { class: "steps-of-range" }, step(-1, "‹", "The days before"),
      select("Range", options, value, (chosen) => {
        if (chosen === "other") {
          days.hidden = false;
          from.focus();
        } else {
          choose(Object.fromEntries(new URLSearchParams(chosen)));
        }
      }),
      step(1, "›", "The days after")),
  ];
}
