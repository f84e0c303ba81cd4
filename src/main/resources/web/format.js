const whole = new Intl.NumberFormat();
const tenth = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 });
const oneDecimal = new Intl.NumberFormat(undefined, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const share = new Intl.NumberFormat(undefined, { style: "percent", maximumFractionDigits: 1 });
const difference = new Intl.NumberFormat(undefined, {
  style: "percent",
  maximumFractionDigits: 1,
  signDisplay: "exceptZero",
});
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: "auto" });
const dates = new Map();

/** To make a formatter takes as long as to format a hundred dates. */
function dateFormat(options) {
  const key = JSON.stringify(options);
  if (!dates.has(key)) dates.set(key, new Intl.DateTimeFormat(undefined, options));
  return dates.get(key);
}

export const number = (value) => (value === null || value === undefined ? "–" : whole.format(value));
export const decimal = (value) => (value === null || value === undefined ? "–" : tenth.format(value));
export const hours = (value) =>
  value === null || value === undefined
    ? "–"
    : Math.abs(value) < 100
      ? oneDecimal.format(value)
      : whole.format(Math.round(value));
export const percent = (value) => (value === null || value === undefined ? "–" : share.format(value / 100));
export const change = (value) => difference.format(value / 100);

/** A calendar day as the API writes it, 2026-11-22; it belongs to no time zone. */
export function day(text, options = { dateStyle: "medium" }) {
  return text ? dateFormat({ ...options, timeZone: "UTC" }).format(new Date(`${text}T00:00:00Z`)) : "–";
}

/** Days from one to another, both included, written as briefly as the language allows. */
export const span = ({ from, to }) =>
  dateFormat({ dateStyle: "medium", timeZone: "UTC" }).formatRange(
    new Date(`${from}T00:00:00Z`),
    new Date(`${to}T00:00:00Z`),
  );

export const month = (text) => day(text, { month: "short", year: "numeric" });

export function moment(text, timeZone, options = { dateStyle: "medium", timeStyle: "short" }) {
  return text ? dateFormat({ ...options, timeZone }).format(new Date(text)) : "–";
}

/** The clock of the listener, as the API already worked it out. */
export function clock(localTime, options = { dateStyle: "medium", timeStyle: "short" }) {
  return dateFormat({ ...options, timeZone: "UTC" }).format(new Date(`${localTime}Z`));
}

export function ago(text, now = Date.now()) {
  if (!text) return "never";
  const seconds = (new Date(text) - now) / 1000;
  for (const [unit, size] of [["day", 86400], ["hour", 3600], ["minute", 60]]) {
    if (Math.abs(seconds) >= size) return relative.format(Math.round(seconds / size), unit);
  }
  return relative.format(Math.round(seconds), "second");
}

export function length(milliseconds) {
  if (milliseconds === null || milliseconds === undefined) return "–";
  const seconds = Math.round(milliseconds / 1000);
  const rest = String(seconds % 60).padStart(2, "0");
  const minutes = Math.floor(seconds / 60);
  return minutes < 60
    ? `${minutes}:${rest}`
    : `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}:${rest}`;
}

export function bytes(count) {
  for (const [unit, size] of [["GB", 1e9], ["MB", 1e6], ["kB", 1e3]]) {
    if (count >= size) return `${tenth.format(count / size)} ${unit}`;
  }
  return `${whole.format(count)} B`;
}

/** 1 is Monday; the first of January 2024 was one. */
export const weekday = (index, style = "short") => day(`2024-01-0${index}`, { weekday: style });
export const monthName = (index, style = "short") => day(`2024-${String(index).padStart(2, "0")}-01`, { month: style });
export const SOURCES = { recently_played: "API", export: "Export", account_data: "Account data" };
