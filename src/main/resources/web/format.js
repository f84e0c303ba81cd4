const whole = new Intl.NumberFormat();
const tenth = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 });
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: "auto" });

export const number = (value) => (value === null || value === undefined ? "–" : whole.format(value));
export const decimal = (value) => (value === null || value === undefined ? "–" : tenth.format(value));
export const hours = (value) => (value === null || value === undefined ? "–" : Math.abs(value) < 100 ? tenth.format(value) : whole.format(Math.round(value)));
export const percent = (value) => (value === null || value === undefined ? "–" : `${tenth.format(value)} %`);
export const change = (value) => `${value > 0 ? "+" : ""}${tenth.format(value)} %`;

/** A calendar day as the API writes it, 2026-11-22; it belongs to no time zone. */
export function day(text, options = { dateStyle: "medium" }) {
  return text ? new Date(`${text}T00:00:00Z`).toLocaleDateString(undefined, { ...options, timeZone: "UTC" }) : "–";
}

export const month = (text) => day(text, { month: "short", year: "numeric" });

export function moment(text, timeZone, options = { dateStyle: "medium", timeStyle: "short" }) {
  return text ? new Date(text).toLocaleString(undefined, { ...options, timeZone }) : "–";
}

/** The clock of the listener, as the API already worked it out. */
export function clock(localTime) {
  return new Date(`${localTime}Z`).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short", timeZone: "UTC" });
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
  return minutes < 60 ? `${minutes}:${rest}` : `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}:${rest}`;
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
