import { h } from "./dom.js";
import * as format from "./format.js";

let library;
const drawn = new Set();

/**
 * Loads the chart library: when the first chart comes into view or, on pages that begin with them, while their figures
 * are asked for. It is no module, and leaves itself in the window.
 */
export function loadCharts() {
  library ??= import("./vendor/echarts.common.min.js").then(() => window.echarts);
  return library;
}

function colours() {
  const style = getComputedStyle(document.documentElement);
  const of = (name) => style.getPropertyValue(name).trim();
  return {
    ink: of("--ink"),
    soft: of("--soft"),
    line: of("--line"),
    accent: of("--accent"),
    second: of("--second"),
    third: of("--third"),
    ghost: of("--ghost"),
    filled: of("--accent-soft"),
    surface: of("--surface"),
  };
}

const dark = matchMedia("(prefers-color-scheme: dark)");
dark.addEventListener("change", () => drawn.forEach((redraw) => redraw()));

const inView = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    if (isIntersecting) {
      inView.unobserve(target);
      target.dispatchEvent(new Event("seen"));
    }
  }
}, { rootMargin: "200px" });

/** A chart from a function that makes its ECharts options of the page's colours. */
export function chart(label, options, { tall = false, onclick } = {}) {
  const box = h("div", { class: tall ? "chart tall" : "chart", role: "img", "aria-label": label });
  box.addEventListener("seen", async () => {
    const echarts = await loadCharts();
    if (!box.isConnected) return;
    const instance = echarts.init(box, null, { renderer: "canvas" });
    const draw = () => instance.setOption(withHouseStyle(options(colours()), colours()), true);
    draw();
    if (onclick) instance.on("click", onclick);
    drawn.add(draw);
    const size = new ResizeObserver(() => {
      if (box.isConnected) {
        instance.resize();
      } else {
        size.disconnect();
        drawn.delete(draw);
        instance.dispose();
      }
    });
    size.observe(box);
    box.dataset.drawn = "yes";
  });
  inView.observe(box);
  return box;
}

function withHouseStyle(options, colour) {
  const axis = {
    axisLine: { lineStyle: { color: colour.line } },
    axisTick: { show: false },
    axisLabel: { color: colour.soft, fontSize: 12 },
    splitLine: { lineStyle: { color: colour.line } }, splitNumber: 4,
  };
  const styled = (given, extra) =>
    given
      ? (Array.isArray(given) ? given : [given]).map((one) => ({
          ...axis,
          ...extra,
          ...one,
          axisLabel: { ...axis.axisLabel, ...one.axisLabel },
        }))
      : undefined;
  return {
    animationDuration: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 300,
    color: [colour.accent, colour.second, colour.third],
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
    grid: { left: 4, right: 8, top: options.legend ? 36 : 14, bottom: options.dataZoom ? 40 : 4, containLabel: true },
    ...options,
    legend: options.legend && {
      textStyle: { color: colour.soft },
      icon: "roundRect",
      itemWidth: 12,
      itemHeight: 12,
      itemGap: 16,
      right: 0,
      top: 0,
      ...options.legend,
    },
    // Rich text is drawn on the canvas; an HTML tooltip would need inline styles, which the page's policy forbids.
    tooltip: {
      renderMode: "richText",
      trigger: "axis",
      axisPointer: { type: "shadow", shadowStyle: { color: colour.ghost, opacity: 0.25 } },
      padding: 10,
      confine: true,
      backgroundColor: colour.surface,
      borderColor: colour.line,
      textStyle: { color: colour.ink, fontSize: 13 },
      valueFormatter: format.decimal,
      ...options.tooltip,
    },
    xAxis: styled(options.xAxis, {}),
    yAxis: styled(options.yAxis, { axisLine: { show: false }, axisLabel: { formatter: format.number } }),
    dataZoom: options.dataZoom && [
      { type: "inside", zoomOnMouseWheel: "ctrl" },
      {
        type: "slider",
        height: 18,
        bottom: 6,
        borderColor: colour.line,
        fillerColor: colour.filled,
        handleStyle: { color: colour.accent, borderColor: colour.accent },
        dataBackground: { lineStyle: { opacity: 0 }, areaStyle: { opacity: 0 } },
        selectedDataBackground: { lineStyle: { opacity: 0 }, areaStyle: { opacity: 0 } },
        textStyle: { color: colour.soft },
      },
    ],
  };
}

const NEXT = {
  day: (date) => date.setUTCDate(date.getUTCDate() + 1),
  week: (date) => date.setUTCDate(date.getUTCDate() + 7),
  month: (date) => date.setUTCMonth(date.getUTCMonth() + 1),
  year: (date) => date.setUTCFullYear(date.getUTCFullYear() + 1),
};

/** The rows with one of zeros for each step between them that has none, so that time runs evenly along the axis. */
export function unbroken(rows, step) {
  const known = new Map(rows.map((row) => [row.day, row]));
  const none = Object.fromEntries(Object.keys(rows[0]).map((name) => [name, 0]));
  const all = [];
  for (const date = new Date(rows[0].day), last = new Date(rows.at(-1).day); date <= last; NEXT[step](date)) {
    const day = date.toISOString().slice(0, 10);
    all.push(known.get(day) ?? { ...none, day });
  }
  return all;
}

export const zoomed = (rows) => (rows.length > 60 ? true : undefined);
export const bar = { type: "bar", barMaxWidth: 56, itemStyle: { borderRadius: [4, 4, 0, 0] } };

/** Plays as bars and hours as a line over the same categories. */
export function playsAndHours(label, rows, name, { zoom = false, tall = false, onclick } = {}) {
  return chart(
    label,
    (colour) => ({
      legend: {},
      xAxis: { type: "category", data: rows.map(name) },
      yAxis: [
        { type: "value", minInterval: 1 },
        { type: "value", alignTicks: true, splitLine: { show: false } },
      ],
      dataZoom: zoom ? zoomed(rows) : undefined,
      series: [
        { ...bar, name: "Plays", data: rows.map((row) => row.plays) },
        {
          name: "Hours",
          type: "line",
          yAxisIndex: 1,
          lineStyle: { width: 2 },
          symbolSize: 7,
          itemStyle: { borderColor: colour.surface, borderWidth: 1.5 },
          symbol: "circle",
          showSymbol: rows.length < 40,
          data: rows.map((row) => row.hours),
        },
      ],
    }),
    { tall, onclick },
  );
}

/** Hours as bars, each beside a paler one for the range before where that is known. */
export function hoursBeside(label, rows, before, name) {
  const plays = (of, index) => (of ? `  (${format.number(of[index].plays)} plays)` : "");
  return chart(label, (colour) => ({
    legend: before ? {} : undefined,
    xAxis: { type: "category", data: rows.map(name) },
    yAxis: { type: "value" },
    tooltip: {
      formatter: (items) =>
        [
          items[0].name,
          ...items.map(
            ({ seriesName, value, dataIndex, seriesId }) =>
              `${seriesName}: ${format.hours(value)} h${plays(seriesId === "now" ? rows : before, dataIndex)}`,
          ),
        ].join("\n"),
    },
    series: [
      ...(before
        ? [{ ...bar, id: "before", name: "Before", color: colour.ghost, data: before.map((row) => row.hours) }]
        : []),
      {
        ...bar,
        id: "now",
        name: before ? "These days" : "Hours",
        color: colour.accent,
        data: rows.map((row) => row.hours),
        barGap: "10%",
      },
    ],
  }));
}

/** The share of each month of the year. */
export function monthShares(label, rows) {
  return chart(label, () => ({
    xAxis: { type: "category", data: rows.map((row) => format.monthName(row.month)) },
    yAxis: { type: "value", axisLabel: { formatter: format.percent } },
    tooltip: { valueFormatter: format.percent },
    series: [{ ...bar, name: "Share of plays", data: rows.map((row) => row.share_percent ?? 0) }],
  }));
}
