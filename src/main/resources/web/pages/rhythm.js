import { get } from "../api.js";
import { chart } from "../charts.js";
import { h } from "../dom.js";
import * as format from "../format.js";
import { behind, choice, heatmap, panel, table } from "../parts.js";

export const title = "Rhythm";
export const about = "When you listen.";
export const filters = ["range", "content", "listener"];

export async function render(content, { asked, signal, zone }) {
  const heat = h("div", { class: "wide" });
  content.append(h("div", { class: "grid" }, heat, calendar(), months(), streaks(), sessions()));
  showHeat("plays");

  function showHeat(measure) {
    heat.replaceChildren(panel("Day of week by hour", {
      question: { path: "/panels/heatmap", parameters: asked }, signal, size: "wide",
      tools: [choice("Measure", [["plays", "Plays"], ["hours", "Hours"]], measure, showHeat)],
      draw: ({ rows }) => heatmap(rows, measure),
    }));
  }

  function calendar() {
    return panel("Calendar", {
      question: { path: "/panels/timeline", parameters: { ...asked, step: "day" } }, signal, size: "wide",
      draw: ({ rows }) => {
        const last = rows.at(-1).day.slice(0, 4);
        const first = String(Math.max(Number(rows[0].day.slice(0, 4)), Number(last) - 4));
        const shown = [];
        for (let year = Number(last); year >= Number(first); year--) shown.push(String(year));
        const box = chart("Plays of each day", (colour) => ({
          tooltip: { trigger: "item", formatter: ({ value }) => `${format.day(value[0])}: ${format.number(value[1])} plays` },
          visualMap: { show: false, min: 0, max: Math.max(...rows.map((row) => row.plays)), inRange: { color: [colour.ground, colour.accent] } },
          calendar: shown.map((year, index) => ({
            range: year, top: 24 + index * 130, left: 60, right: 10, cellSize: ["auto", 13],
            itemStyle: { color: colour.surface, borderColor: colour.line, borderWidth: 1 }, splitLine: { lineStyle: { color: colour.soft } },
            dayLabel: { firstDay: 1, color: colour.soft, nameMap: [7, 1, 2, 3, 4, 5, 6].map((index) => format.weekday(index, "narrow")) },
            monthLabel: { color: colour.soft, nameMap: [...Array(12).keys()].map((index) => format.monthName(index + 1)) },
            yearLabel: { color: colour.soft, fontSize: 14, margin: 32 },
          })),
          series: shown.map((year, index) => ({ type: "heatmap", coordinateSystem: "calendar", calendarIndex: index, data: rows.filter((row) => row.day.startsWith(year)).map((row) => [row.day, row.plays]) })),
        }));
        box.style.height = `${30 + shown.length * 130}px`;
        const scroll = h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "Calendar" }, box);
        box.style.minWidth = "640px";
        return [scroll, behind("Plays of each day", [
          { title: "Day", cell: (row) => format.day(row.day) },
          { title: "Plays", number: true, cell: (row) => format.number(row.plays) },
          { title: "Hours", number: true, cell: (row) => format.hours(row.hours) },
        ], rows.slice(-366).reverse())];
      },
      note: "The last five years of the range.",
    });
  }

  function months() {
    return panel("Share by month of the year", {
      question: { path: "/panels/months", parameters: asked }, signal,
      draw: ({ rows }) => [chart("Share of plays by month", () => ({
        xAxis: { type: "category", data: rows.map((row) => format.monthName(row.month)) },
        yAxis: { type: "value", axisLabel: { formatter: "{value} %" } },
        series: [{ name: "Share of plays", type: "bar", data: rows.map((row) => Math.round((row.share_percent ?? 0) * 10) / 10), itemStyle: { borderRadius: [3, 3, 0, 0] } }],
      })), behind("Share by month", [
        { title: "Month", cell: (row) => format.monthName(row.month, "long") },
        { title: "Share", number: true, cell: (row) => format.percent(row.share_percent) },
        { title: "Plays", number: true, cell: (row) => format.number(row.plays) },
      ], rows)],
    });
  }

  function streaks() {
    return panel("Longest streaks", {
      question: { path: "/panels/streaks", parameters: { ...asked, limit: 5 } }, signal,
      note: "Days in a row, each with a play.",
      draw: ({ rows }) => table("Longest streaks", [
        { title: "Days", number: true, cell: (row) => format.number(row.days) },
        { title: "From", cell: (row) => format.day(row.first_day) },
        { title: "To", cell: (row) => format.day(row.last_day) },
      ], rows),
    });
  }

  function sessions() {
    return panel("Sessions", {
      question: { path: "/panels/sessions", parameters: { ...asked, limit: 5 } }, signal, size: "wide",
      note: "A pause of 30 minutes ends a session.",
      draw: async ({ rows }) => {
        const { rows: [of] } = await get("/panels/session-figures", asked, signal);
        return [
          h("dl", { class: "figures" },
            figure("Sessions", format.number(of.sessions)), figure("Minutes on average", format.decimal(of.average_minutes)),
            figure("Plays on average", format.decimal(of.average_plays)), figure("Longest, minutes", format.decimal(of.longest_minutes))),
          h("p", {}),
          table("Longest sessions", [
            { title: "Began", cell: (row) => format.moment(row.started_at, zone) },
            { title: "Ended", cell: (row) => format.moment(row.ended_at, zone) },
            { title: "Minutes", number: true, cell: (row) => format.number(Math.round(row.minutes)) },
            { title: "Plays", number: true, cell: (row) => format.number(row.plays) },
          ], rows),
        ];
      },
    });
  }

  function figure(name, value) {
    return h("div", { class: "figure" }, h("dt", {}, name), h("dd", { class: "value" }, value));
  }
}
