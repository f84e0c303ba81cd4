import { change, get } from "./api.js";
import { announce, h } from "./dom.js";
import * as format from "./format.js";
import { select } from "./parts.js";

/** Each page is a module with title, about, filters and render; loaded when it is first opened. */
const PAGES = {
  recent: "Recent", artist: "Artist", diversity: "Diversity", rhythm: "Rhythm", years: "Years", wrapped: "Wrapped", log: "Log", status: "Status",
};
const HIDDEN = { connect: "Connect Spotify" };

const main = document.getElementById("main");
let listeners = [];
let years = [];
let rendering = new AbortController();

/** The page and its parameters, as the address has them: #/recent?days=30&listener=1 */
function location() {
  const [path, query] = window.location.hash.replace(/^#\/?/, "").split("?");
  const name = path in PAGES || path in HIDDEN ? path : "recent";
  return { name, parameters: Object.fromEntries(new URLSearchParams(query ?? "")) };
}

export function link(name, parameters = {}) {
  const given = Object.entries(parameters).filter(([, value]) => value !== null && value !== undefined && value !== "");
  const query = new URLSearchParams(given).toString();
  return `#/${name}${query && `?${query}`}`;
}

function set(changes) {
  const { name, parameters } = location();
  window.location.hash = link(name, { ...parameters, ...changes });
}

function drawPages(current, parameters) {
  const kept = { listener: parameters.listener, content: parameters.content };
  document.getElementById("pages").replaceChildren(...Object.entries(PAGES).map(([name, title]) =>
    h("a", { href: link(name, kept), "aria-current": name === current ? "page" : null }, title)));
  document.querySelector("nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
}

const RANGES = [["days=7", "Last 7 days"], ["days=30", "Last 30 days"], ["days=90", "Last 90 days"], ["days=365", "Last 365 days"], ["", "All time"]];

function rangeFilter(range, parameters) {
  const chosen = parameters.from || parameters.to ? `from=${parameters.from ?? ""}&to=${parameters.to ?? ""}` : parameters.days ? `days=${parameters.days}` : range === "all" || parameters.all ? "" : range;
  const options = [...RANGES, ...years.map((year) => [`from=${year}-01-01&to=${year}-12-31`, String(year)])];
  const custom = !options.some(([value]) => value === chosen);
  options.push([custom ? chosen : "custom", "Other days…"]);
  const days = h("div", { class: "row" });
  const from = h("input", { type: "date", value: parameters.from ?? "", "aria-label": "From", onchange: () => from.value && to.value && set({ from: from.value, to: to.value, days: null, all: null }) });
  const to = h("input", { type: "date", value: parameters.to ?? "", "aria-label": "To", onchange: () => from.value && to.value && set({ from: from.value, to: to.value, days: null, all: null }) });
  days.append(from, to);
  days.hidden = !custom;
  return [select("Range", options, chosen, (value) => {
    if (value === "custom") {
      days.hidden = false;
      from.focus();
      return;
    }
    const wanted = Object.fromEntries(new URLSearchParams(value));
    set({ days: wanted.days, from: wanted.from, to: wanted.to, all: value === "" ? 1 : null });
  }), days];
}

function filters(page, parameters) {
  const shown = [];
  if (page.filters.includes("range")) shown.push(...rangeFilter(page.range ?? "all", parameters));
  if (page.filters.includes("content")) {
    shown.push(select("Content", [["", "Music"], ["spoken", "Podcasts and audiobooks"]], parameters.content ?? "", (value) => set({ content: value })));
  }
  if (page.filters.includes("listener") && listeners.length > 1) {
    shown.push(select("Listener", [["", "All listeners"], ...listeners.map((one) => [String(one.listener_id), one.name])], parameters.listener ?? "", (value) => set({ listener: value })));
  }
  return h("div", { class: "filters" }, shown);
}

/** What every panel of the page is asked with. */
function asked(page, parameters) {
  const common = { listener: parameters.listener, content: parameters.content };
  if (!page.filters.includes("range") || parameters.all) return common;
  if (parameters.from || parameters.to) return { ...common, from: parameters.from, to: parameters.to };
  if (parameters.days) return { ...common, days: parameters.days };
  return page.range ? { ...common, ...Object.fromEntries(new URLSearchParams(page.range)) } : common;
}

async function render() {
  const { name, parameters } = location();
  rendering.abort();
  rendering = new AbortController();
  const { signal } = rendering;
  drawPages(name, parameters);
  document.title = `${PAGES[name] ?? HIDDEN[name]} – Tracklog`;
  try {
    const page = await import(`./pages/${name}.js`);
    if (signal.aborted) return;
    if (page.filters.length > 0 || listeners.length === 0) await refresh();
    if (signal.aborted) return;
    const content = h("div", {});
    const zone = listeners.find((one) => String(one.listener_id) === parameters.listener)?.time_zone ?? listeners[0]?.time_zone;
    main.replaceChildren(
      h("div", { class: "head" }, h("div", {}, h("h1", {}, page.title), page.about && h("p", {}, page.about)), filters(page, parameters)),
      years.length === 0 && page.filters.includes("range") ? welcome() : "",
      content);
    await page.render(content, { parameters, asked: asked(page, parameters), listeners, years, zone, set, link, signal, refresh });
    announce(`${page.title} is shown`);
  } catch (error) {
    if (error.name === "AbortError" || signal.aborted || error.status === 401) return;
    main.replaceChildren(h("div", { class: "panel" }, h("h1", {}, "This page cannot be shown"), h("p", { class: "wrong", role: "alert" }, error.message), h("button", { onclick: render }, "Try again")));
  }
}

function welcome() {
  return h("section", { class: "panel wide", "aria-label": "Welcome" },
    h("h2", {}, "Nothing has been kept yet"),
    h("p", {}, "Two ways in, best both: connect Spotify, so that every play from now on is kept; and drop the history export onto the status page, so that everything before is."),
    h("p", { class: "row" }, h("a", { class: "button primary", href: link("connect") }, "Connect Spotify"), h("a", { class: "button", href: link("status") }, "Drop the export")));
}

async function refresh() {
  const [known, played] = await Promise.all([get("/listeners"), get("/panels/years")]);
  listeners = known.listeners;
  years = played.rows.map((row) => row.year);
  return listeners;
}

function login() {
  const password = h("input", { type: "password", autocomplete: "current-password", required: true, id: "password" });
  const wrong = h("p", { class: "wrong", role: "alert" });
  main.replaceChildren(h("form", {
    class: "panel login",
    onsubmit: async (event) => {
      event.preventDefault();
      try {
        await change("POST", "/session", { password: password.value });
        render();
      } catch (error) {
        wrong.textContent = error.message;
        password.select();
      }
    },
  }, h("h1", {}, "Tracklog"), h("p", {}, h("label", { class: "field", for: "password" }, "Password", password)), wrong, h("button", { class: "primary" }, "Log in")));
  password.focus();
}

window.addEventListener("login-needed", login);
window.addEventListener("hashchange", () => {
  render();
  main.focus({ preventScroll: true });
});
render();
