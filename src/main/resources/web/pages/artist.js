import { get } from "../api.js";
import { chart, playsAndHours } from "../charts.js";
import { h } from "../dom.js";
import * as format from "../format.js";
import { behind, choice, figures, paged, panel, ranking, table } from "../parts.js";

export const title = "Artist";
export const about = "Pick one, or look at all.";
export const filters = ["range", "content", "listener"];

export async function render(content, { asked: of, parameters, set, signal }) {
  const artist = parameters.artist || undefined;
  const asked = { ...of, artist };
  content.append(search());
  const { rows } = await get("/panels/figures", asked, signal);
  content.append(h("h2", { class: "chosen" }, artist ?? "All artists"), figures(rows, "before:"), h("p", {}));
  const over = h("div", { class: "wide" });
  const top = h("div", { class: "wide" });
  content.append(h("div", { class: "grid" }, over, months(), firstPlays(), top));
  showTimeline("month");
  showTop("track");

  function search() {
    const names = h("datalist", { id: "artists" });
    let waiting;
    const field = h("input", {
      type: "search", list: "artists", value: artist ?? "", placeholder: "Search an artist", autocomplete: "off", "aria-label": "Artist",
      oninput: () => {
        clearTimeout(waiting);
        waiting = setTimeout(async () => {
          const found = await get("/panels/artists", { listener: of.listener, content: of.content, search: field.value, limit: 12 }, signal).catch(() => ({ rows: [] }));
          names.replaceChildren(...found.rows.map((row) => h("option", { value: row.name }, `${format.number(row.plays)} plays`)));
          if (found.rows.some((row) => row.name === field.value) && field.value !== artist) set({ artist: field.value });
        }, 200);
      },
      onchange: () => set({ artist: field.value }),
    });
    return h("p", { class: "row" }, field, names, artist ? h("button", { onclick: () => set({ artist: null }) }, "All artists") : "");
  }

  function showTimeline(step) {
    const written = { day: format.day, week: format.day, month: format.month, year: (day) => day.slice(0, 4) }[step];
    over.replaceChildren(panel("Over time", {
      question: { path: "/panels/timeline", parameters: { ...asked, step } }, signal, size: "wide",
      tools: [choice("Step", [["day", "Days"], ["week", "Weeks"], ["month", "Months"], ["year", "Years"]], step, showTimeline)],
      draw: ({ rows: all }) => [playsAndHours("Plays and hours over time", all, (row) => written(row.day), { zoom: true, tall: true }), behind("Plays and hours over time", [
        { title: "From", cell: (row) => written(row.day) },
        { title: "Plays", number: true, cell: (row) => format.number(row.plays) },
        { title: "Hours", number: true, cell: (row) => format.hours(row.hours) },
      ], all)],
    }));
  }

  function months() {
    return panel("Share by month of the year", {
      question: { path: "/panels/months", parameters: asked }, signal,
      draw: ({ rows: all }) => [chart("Share of plays by month of the year", () => ({
        xAxis: { type: "category", data: all.map((row) => format.monthName(row.month)) },
        yAxis: { type: "value", axisLabel: { formatter: "{value} %" } },
        series: [{ name: "Share of plays", type: "bar", data: all.map((row) => Math.round((row.share_percent ?? 0) * 10) / 10), itemStyle: { borderRadius: [3, 3, 0, 0] } }],
      })), behind("Share by month", [
        { title: "Month", cell: (row) => format.monthName(row.month, "long") },
        { title: "Share", number: true, cell: (row) => format.percent(row.share_percent) },
        { title: "Plays", number: true, cell: (row) => format.number(row.plays) },
      ], all)],
    });
  }

  function firstPlays() {
    return panel("First ten plays", {
      question: { path: "/panels/first-plays", parameters: { ...asked, limit: 10 } }, signal,
      draw: ({ rows: all }) => table("First plays", [
        { title: "When", cell: (row) => format.clock(row.local_time) },
        { title: "Track", class: "name", cell: (row) => [row.name ?? "Not named", h("span", { class: "sub" }, [row.artist_name, row.album_name].filter(Boolean).join(" · "))] },
      ], all),
    });
  }

  function showTop(by) {
    const question = { path: "/panels/top", parameters: { ...asked, by, limit: 10 } };
    top.replaceChildren(panel(by === "track" ? "Top tracks" : "Top albums", {
      question, signal, size: "wide",
      tools: [choice("Top by", [["track", "Tracks"], ["album", "Albums"]], by, showTop)],
      draw: (first) => paged(first, (offset) => get(question.path, { ...question.parameters, offset }, signal), (rows) => ranking(by === "track" ? "Tracks" : "Albums", rows), "the ranking"),
    }));
  }
}
