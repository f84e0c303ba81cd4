package tracklog.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** Draws lines over two logarithmic axes, as SVG. */
record Plot(String across, String up, List<Line> lines) {

    private static final int WIDTH = 460;
    private static final int HEIGHT = 320;
    private static final int LEFT = 60;
    private static final int RIGHT = WIDTH - 24;
    private static final int TOP = 60;
    private static final int BOTTOM = HEIGHT - 46;
    private static final List<String> COLOURS = List.of("#1a7f4b", "#2f5fd0");

    record Point(double x, double y) {}

    record Line(String name, List<Point> points) {}

    /** An axis between two powers of ten, at two positions in the picture. */
    private record Axis(int low, int high, double from, double to) {

        static Axis of(List<Line> lines, ToDoubleFunction<Point> value, double from, double to) {
            double[] powers = lines.stream()
                    .flatMap(line -> line.points().stream())
                    .mapToDouble(point -> Math.log10(value.applyAsDouble(point)))
                    .sorted()
                    .toArray();
            int low = (int) Math.floor(powers[0]);
            return new Axis(low, Math.max(low + 1, (int) Math.ceil(powers[powers.length - 1])), from, to);
        }

        double at(double value) {
            return from + (to - from) * (Math.log10(value) - low) / (high - low);
        }
    }

    /** Writes plots side by side into one file. */
    static void write(Path file, List<Plot> plots) throws IOException {
        StringBuilder svg = new StringBuilder();
        add(
                svg,
                "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 %d %d' font-family='sans-serif' font-size='12'>",
                WIDTH * plots.size(),
                HEIGHT);
        add(svg, "<rect width='100%%' height='100%%' fill='#fff'/>");
        for (int i = 0; i < plots.size(); i++) {
            add(svg, "<g transform='translate(%d 0)'>", i * WIDTH);
            plots.get(i).draw(svg);
            add(svg, "</g>");
        }
        add(svg, "</svg>");
        Files.writeString(file, svg);
    }

    private void draw(StringBuilder svg) {
        Axis x = Axis.of(lines, Point::x, LEFT, RIGHT);
        Axis y = Axis.of(lines, Point::y, BOTTOM, TOP);
        for (int power = x.low(); power <= x.high(); power++) {
            double at = x.at(Math.pow(10, power));
            add(svg, "<path stroke='#ddd' d='M%.1f %d V%d'/>", at, TOP, BOTTOM);
            add(svg, "<text x='%.1f' y='%d' text-anchor='middle'>%s</text>", at, BOTTOM + 16, number(power));
        }
        for (int power = y.low(); power <= y.high(); power++) {
            double at = y.at(Math.pow(10, power));
            add(svg, "<path stroke='#ddd' d='M%d %.1f H%d'/>", LEFT, at, RIGHT);
            add(svg, "<text x='%d' y='%.1f' text-anchor='end'>%s</text>", LEFT - 6, at + 4, number(power));
        }
        add(svg, "<text x='%d' y='%d' text-anchor='middle'>%s</text>", (LEFT + RIGHT) / 2, HEIGHT - 8, across);
        add(svg, "<text x='8' y='%d'>%s</text>", TOP - 12, up);
        for (int i = 0; i < lines.size(); i++) {
            Line line = lines.get(i);
            String colour = COLOURS.get(i);
            add(svg, "<text x='%d' y='%d' fill='%s'>%s</text>", LEFT + 60, 18 + i * 16, colour, line.name());
            String path = line.points().stream()
                    .map(point -> String.format(Locale.ROOT, "%.1f,%.1f", x.at(point.x()), y.at(point.y())))
                    .collect(Collectors.joining(" "));
            add(svg, "<polyline fill='none' stroke='%s' stroke-width='2' points='%s'/>", colour, path);
            for (Point point : line.points()) {
                add(
                        svg,
                        "<circle r='3.5' fill='%s' cx='%.1f' cy='%.1f'><title>%s</title></circle>",
                        colour,
                        x.at(point.x()),
                        y.at(point.y()),
                        Row.number(point.y()));
            }
        }
    }

    private static String number(int power) {
        return String.format(Locale.ROOT, power < 0 ? "%.2g" : "%,.0f", Math.pow(10, power));
    }

    private static void add(StringBuilder svg, String element, Object... values) {
        svg.append(String.format(Locale.ROOT, element, values)).append('\n');
    }
}
