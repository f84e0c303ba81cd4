import { h } from "./dom.js";

let library;
const drawn = new Set();

/** Loads the chart library when the first chart comes into view, not before. */
function load() {
  library ??= import("./vendor/echarts.esm.min.js");
  return library;
}

function colours() {
  const style = getComputedStyle(document.documentElement);
  const of = (name) => style.getPropertyValue(name).trim();
  return { ink: of("--ink"), soft: of("--soft"), line: of("--line"), accent: of("--accent"), second: of("--second"), surface: of("--surface"), ground: of("--ground") };
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
    const echarts = await load();
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
    axisLine: { lineStyle: { color: colour.line } }, axisTick: { show: false }, axisLabel: { color: colour.soft },
    splitLine: { lineStyle: { color: colour.line } },
  };
  const styled = (given, extra) => (given ? (Array.isArray(given) ? given : [given]).map((one) => ({ ...axis, ...extra, ...one })) : undefined);
  return {
    animationDuration: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 300,
    color: [colour.accent, colour.second, colour.soft],
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
    grid: { left: 8, right: 12, top: options.legend ? 34 : 14, bottom: options.dataZoom ? 40 : 4, containLabel: true },
    ...options,
    legend: options.legend && { textStyle: { color: colour.soft }, icon: "roundRect", right: 0, top: 0, ...options.legend },
    // Rich text is drawn on the canvas; an HTML tooltip would need inline styles, which the page's policy forbids.
    tooltip: { renderMode: "richText", trigger: "axis", backgroundColor: colour.surface, borderColor: colour.line, textStyle: { color: colour.ink, fontSize: 13 }, ...options.tooltip },
    xAxis: styled(options.xAxis, {}),
    yAxis: styled(options.yAxis, { axisLine: { show: false } }),
  };
}

/** Plays as bars and hours as a line over the same categories. */
export function playsAndHours(label, rows, name, { zoom = false, tall = false, onclick } = {}) {
  return chart(label, () => ({
    legend: {},
    xAxis: { type: "category", data: rows.map(name) },
    yAxis: [{ type: "value" }, { type: "value", splitLine: { show: false } }],
    dataZoom: zoom && rows.length > 60 ? [{ type: "inside" }, { type: "slider", height: 18, bottom: 6 }] : undefined,
    series: [
      { name: "Plays", type: "bar", data: rows.map((row) => row.plays), itemStyle: { borderRadius: [3, 3, 0, 0] } },
      { name: "Hours", type: "line", yAxisIndex: 1, smooth: true, showSymbol: rows.length < 40, data: rows.map((row) => Math.round(row.hours * 10) / 10) },
    ],
  }), { tall, onclick });
}
