import { bar, chart, unbroken, zoomed } from "../charts.js";
import { h } from "../dom.js";
import * as format from "../format.js";
import { behind, figures, panel } from "../parts.js";

export const title = "Diversity";
export const about = "How many different artists, albums and tracks, and how many of them for the first time.";
export const charts = true;
export const filters = ["range", "content", "listener"];

export function render(content, { asked, signal, zone }) {
  content.append(
    figures(asked, { signal, zone, only: ["artists", "albums", "tracks"] }),
    h("div", { class: "grid" },
      months("Different ones each month", ["artists", "albums", "tracks"], {
        type: "line",
        symbol: "circle",
        symbolSize: 6,
      }),
      months("Discovered each month", ["new_artists", "new_albums", "new_tracks"], bar)));

  function months(name, measures, series) {
    const named = (measure) => measure.replace("new_", "").replace(/^./, (c) => c.toUpperCase());
    const drawn = (all) =>
      chart(
        name,
        () => ({
          legend: {},
          xAxis: { type: "category", data: all.map((row) => format.month(row.day)) },
          yAxis: { type: "value", minInterval: 1 },
          dataZoom: zoomed(all),
          series: measures.map((measure) => ({
            ...series,
            name: named(measure),
            showSymbol: all.length < 40,
            data: all.map((row) => row[measure]),
          })),
        }),
        { tall: true },
      );
    return panel(name, {
      question: { path: "/panels/diversity", parameters: asked }, signal, size: "wide",
      draw: ({ rows }) => [
        drawn(unbroken(rows, "month")),
        behind(
          name,
          [
            { title: "Month", cell: (row) => format.month(row.day) },
            ...measures.map((measure) => ({
              title: named(measure),
              number: true,
              cell: (row) => format.number(row[measure]),
            })),
          ],
          rows,
        ),
      ],
    });
  }
}
