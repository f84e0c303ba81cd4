import { get } from "../api.js";
import { chart } from "../charts.js";
import { h } from "../dom.js";
import * as format from "../format.js";
import { behind, figures, panel } from "../parts.js";

export const title = "Diversity";
export const about = "How many different artists, albums and tracks, and how many of them for the first time.";
export const filters = ["range", "content", "listener"];

export async function render(content, { asked, signal }) {
  const { rows } = await get("/panels/figures", asked, signal);
  const question = { path: "/panels/diversity", parameters: asked };
  content.append(figures(rows.filter((row) => ["artists", "albums", "tracks"].includes(row.figure)), "before:"), h("p", {}),
    h("div", { class: "grid" },
      months("Different ones each month", ["artists", "albums", "tracks"], "line"),
      months("Discovered each month", ["new_artists", "new_albums", "new_tracks"], "bar")));

  function months(name, measures, type) {
    const title = (measure) => measure.replace("new_", "").replace(/^./, (c) => c.toUpperCase());
    return panel(name, {
      question, signal, size: "wide",
      draw: ({ rows: all }) => [chart(name, () => ({
        legend: {},
        xAxis: { type: "category", data: all.map((row) => format.month(row.day)) },
        yAxis: { type: "value" },
        dataZoom: all.length > 60 ? [{ type: "inside" }, { type: "slider", height: 18, bottom: 6 }] : undefined,
        series: measures.map((measure) => ({ name: title(measure), type, smooth: true, showSymbol: all.length < 40, data: all.map((row) => row[measure]) })),
      }), { tall: true }), behind(name, [
        { title: "Month", cell: (row) => format.month(row.day) },
        ...measures.map((measure) => ({ title: title(measure), number: true, cell: (row) => format.number(row[measure]) })),
      ], all)],
    });
  }
}
