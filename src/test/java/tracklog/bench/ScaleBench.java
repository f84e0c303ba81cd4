package tracklog.bench;

import static tracklog.bench.Row.Unit.BYTES;
import static tracklog.bench.Row.Unit.MILLISECONDS;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import tracklog.TestProgram;

/**
 * Measures how disk space, a poll and a panel over all years grow with stored plays and with listeners. The figures are
 * for docs/scaling.md. The plot is {@code target/scale.svg}.
 */
final class ScaleBench {

    private static final int NEW_IN_A_PAGE = 5;
    private static final int FEWEST_PLAYS = 10_000;
    private static final int OF_LISTENERS = 100_000;
    private static final int MOST_LISTENERS = 64;
    private static final ObjectMapper JSON = new ObjectMapper();

    private ScaleBench() {}

    static void measure(Bench bench) throws Exception {
        int stored = bench.size("stored");
        Plot byPlays = plot("plays stored, of one listener");
        for (int plays = Math.min(FEWEST_PLAYS, stored); plays <= stored; plays *= 10) {
            measure(bench, plays, 1, byPlays, plays);
        }
        int shared = Math.min(OF_LISTENERS, stored);
        Plot byListeners = plot(String.format(Locale.ROOT, "listeners, with %,d plays together", shared));
        for (int listeners = 1; listeners <= Math.min(MOST_LISTENERS, stored / 100); listeners *= 4) {
            measure(bench, shared, listeners, byListeners, listeners);
        }
        Plot.write(Path.of("target/scale.svg"), List.of(byPlays, byListeners));
    }

    private static Plot plot(String across) {
        return new Plot(
                across,
                "milliseconds",
                List.of(
                        new Plot.Line("storing a page of 50, " + NEW_IN_A_PAGE + " new", new ArrayList<>()),
                        new Plot.Line("the six figures of all years, all listeners", new ArrayList<>())));
    }

    private static void measure(Bench bench, int plays, int listeners, Plot plot, int x) throws Exception {
        try (TestProgram program = bench.program()) {
            StoredPlays.fill(program.store(), plays, listeners);
            Bench.settle(program.store());
            String stored = String.format(Locale.ROOT, ", %,d plays of %,d listeners stored", plays, listeners);
            long bytes = program.number("select sum(pg_total_relation_size(oid)) from pg_class"
                    + " where relkind = 'r' and relnamespace = current_schema()::regnamespace");
            Row disk = new Row(
                    "a play on the disk" + stored, (double) bytes / plays, BYTES, null, bytes / 1_000_000 + " MB");
            bench.report().add(disk);

            double[] pages = new double[Math.max(3, bench.size("rounds") * 10)];
            for (int page = 0; page < pages.length; page++) {
                pages[page] = store(program, page);
            }
            double[] panels = new double[bench.size("requests")];
            for (int request = 0; request < panels.length; request++) {
                panels[request] = 1_000 * Bench.seconds(() -> PanelsBench.get(program, "/panels/figures"));
            }
            double[] medians = {Bench.median(pages), Bench.median(panels)};
            for (int i = 0; i < medians.length; i++) {
                Plot.Line line = plot.lines().get(i);
                line.points().add(new Plot.Point(x, medians[i]));
                bench.report().add(new Row(line.name() + stored, medians[i], MILLISECONDS, null, "median"));
            }
        }
    }

    /** Returns the milliseconds for one page. Pages overlap like Spotify's. */
    private static double store(TestProgram program, int page) throws Exception {
        int last = page * NEW_IN_A_PAGE;
        String items = IntStream.range(last - 50, last)
                .mapToObj(
                        i -> """
                        {"played_at": "%s",
                         "track": {"uri": "spotify:track:%022d", "name": "Song %d", "duration_ms": 180000,
                          "artists": [{"name": "Band"}],
                          "album": {"name": "Album", "artists": [{"name": "Band"}]}}}
                        """.formatted(Instant.parse("2026-01-01T00:00:00Z").plusSeconds(180L * i), i + 1_000, i))
                .collect(Collectors.joining(",", "[", "]"));
        return PollBench.milliseconds(program, JSON.readTree(items));
    }
}
