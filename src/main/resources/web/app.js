import { change, get } from "./api.js";
import { loadCharts } from "./charts.js";
import { announce, h } from "./dom.js";
import { select } from "./parts.js";
import { chosenRange, rangeFilter } from "./ranges.js";

/**
 * Each page is a module with title, about, filters, render and, where it begins with charts, charts; loaded when it is
 * first opened.
 */
const PAGES = {
  recent: "Recent",
  artist: "Artist",
  diversity: "Diversity",
  rhythm: "Rhythm",
  years: "Years",
  wrapped: "Wrapped",
  log: "Log",
  status: "Status",
};
const HIDDEN = { connect: "Connect Spotify" };

const main = document.getElementById("main");
const logOut = document.getElementById("log-out");
let listeners = [];
let years = [];
let rendering = new AbortController();
let shown;

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

function filters(page, parameters, zone) {
  const drawn = [];
  if (page.filters.includes("range"))
    drawn.push(...rangeFilter(chosenRange(page.range, parameters), { years, zone, set }));
  if (page.filters.includes("content")) {
    drawn.push(
      select(
        "Content",
        [
          ["", "Music"],
          ["spoken", "Spoken word"],
        ],
        parameters.content ?? "",
        (value) => set({ content: value }),
      ),
    );
  }
  if (page.filters.includes("listener") && listeners.length > 1) {
    drawn.push(
      select(
        "Listener",
        [["", "All listeners"], ...listeners.map((one) => [String(one.listener_id), one.name])],
        parameters.listener ?? "",
        (value) => set({ listener: value }),
      ),
    );
  }
  return h("div", { class: "filters" }, drawn);
}

async function open(name) {
  const page = await import(`./pages/${name}.js`);
  if (page.charts) loadCharts();
  return page;
}

/** What every panel of the page is asked with. */
function asked(page, parameters) {
  const common = { listener: parameters.listener, content: parameters.content };
  return page.filters.includes("range") ? { ...common, ...chosenRange(page.range, parameters) } : common;
}

/** A changed filter draws the page anew; whoever moves by keyboard stays where they were. */
function keepFocus(id) {
  const control = id && document.getElementById(id);
  if (control && document.activeElement !== control) control.focus({ preventScroll: true });
}

async function render() {
  const { name, parameters } = location();
  const focused = name === shown && main.contains(document.activeElement) ? document.activeElement.id : null;
  rendering.abort();
  rendering = new AbortController();
  const { signal } = rendering;
  drawPages(name, parameters);
  document.title = `${PAGES[name] ?? HIDDEN[name]} – Tracklog`;
  try {
    const [page] = await Promise.all([open(name), years.length > 0 ? null : refresh()]);
    if (signal.aborted) return;
    const content = h("div", { class: "content" });
    const empty = years.length === 0 && page.filters.includes("range");
    const zone =
      listeners.find((one) => String(one.listener_id) === parameters.listener)?.time_zone ?? listeners[0]?.time_zone;
    main.replaceChildren(
      h(
        "div",
        { class: "head" },
        h("div", {}, h("h1", {}, page.title), page.about && h("p", {}, page.about)),
        empty ? "" : filters(page, parameters, zone),
      ),
      empty ? welcome() : content);
    keepFocus(focused);
    if (name !== shown && shown) {
      main.focus({ preventScroll: true });
      window.scrollTo(0, 0);
    }
    shown = name;
    await page.render(content, {
      parameters,
      asked: asked(page, parameters),
      listeners,
      years,
      zone,
      set,
      link,
      signal,
      refresh,
    });
    keepFocus(focused);
    announce(`${page.title} is shown`);
  } catch (error) {
    if (error.name === "AbortError" || signal.aborted || error.status === 401) return;
    main.replaceChildren(
      h(
        "div",
        { class: "panel" },
        h("h1", {}, "This page cannot be shown"),
        h("p", { class: "wrong", role: "alert" }, error.message),
        h("p", {}, h("button", { onclick: render }, "Try again")),
      ),
    );
  }
}

function welcome() {
  return h("section", { class: "grid welcome", "aria-label": "Welcome" },
    h("div", { class: "hero wide" }, h("h2", {}, "Nothing has been kept yet"),
      h("p", {}, "There are two ways in. Take both: the one keeps what comes, the other brings what was.")),
    h(
      "div",
      { class: "panel" },
      h("h3", {}, "From now on"),
      h("p", {}, "Connect Spotify, and every play is kept within minutes. It takes five of them, once."),
      h("a", { class: "button primary", href: link("connect") }, "Connect Spotify")),
    h(
      "div",
      { class: "panel" },
      h("h3", {}, "Everything before"),
      h(
        "p",
        {},
        "Request your “Extended streaming history” at spotify.com/account/privacy. "
          + "Spotify mails a ZIP within 30 days; drop it here as it is.",
      ),
      h("a", { class: "button primary", href: link("status") }, "Drop the export")));
}

async function refresh() {
  const [known, played, session] = await Promise.all([get("/listeners"), get("/panels/years"), get("/session")]);
  logOut.hidden = !session.password_required;
  listeners = known.listeners;
  years = played.rows.map((row) => row.year);
  return listeners;
}

function login() {
  const password = h("input", { type: "password", autocomplete: "current-password", required: true, id: "password" });
  const wrong = h("p", { class: "wrong", role: "alert" });
  main.replaceChildren(
    h(
      "form",
      {
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
      },
      h("h1", {}, "Tracklog"),
      h("p", {}, h("label", { class: "field", for: "password" }, "Password", password)),
      wrong,
      h("button", { class: "primary" }, "Log in"),
    ),
  );
  logOut.hidden = true;
  document.getElementById("pages").replaceChildren();
  password.focus();
  announce("The password is needed");
}

// The hash names the page, so that the link to the content must not change it.
document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault();
  main.focus();
});
logOut.addEventListener("click", async () => {
  await change("DELETE", "/session");
  window.location.reload();
});
window.addEventListener("login-needed", login);
window.addEventListener("hashchange", render);
render();
