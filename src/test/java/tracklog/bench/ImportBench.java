package tracklog.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static tracklog.bench.Row.Limit.atLeast;
import static tracklog.bench.Row.Limit.atMost;
import static tracklog.bench.Row.Unit.MICROSECONDS;
import static tracklog.bench.Row.Unit.TIMES;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import tracklog.TestProgram;
import tracklog.document.Lines;
import tracklog.merge.ReadingSpeed;
import tracklog.store.Store;

/** Measures an import through the real route against a lower bound and against other implementations. */
final class ImportBench {

    private static final String NAIVE = """
            - route:
                id: naive
                from:
                  uri: direct:naive
                  steps:
                    - unmarshal:
                        json:
                          library: Jackson
                    - split:
                        simple: "${body}"
                        steps:
                          - to:
                              uri: sql
                              parameters:
                                query: >-
                                  insert into listening_history_of_old
                                  (track_uri, track_name, artist_name, album_name, played_at, ms_played)
                                  values (:#${body[spotify_track_uri]}, :#${body[master_metadata_track_name]},
                                  :#${body[master_metadata_album_artist_name]},
                                  :#${body[master_metadata_album_album_name]},
                                  cast(:#${body[ts]} as timestamp), :#${body[ms_played]}) on conflict do nothing
                                dataSource: "#dataSource"
            """;

    private ImportBench() {}

    static void measure(Bench bench) throws Exception {
        int lines = bench.size("lines");
        int rounds = bench.size("rounds");
        bench.report()
                .add(new Row(
                        "reading alone, a line, one core",
                        ReadingSpeed.microsecondsALine(Lines.array(0, 14_000).getBytes(UTF_8), 10),
                        MICROSECONDS,
                        atMost(12),
                        "from bytes to the lines of COPY, without a database"));
        Path zip = Bench.FOLDER.resolve("my_spotify_data.zip");
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(zip), 1 << 16)) {
            Lines.zip(lines, out);
        }
        Path prepared = Bench.FOLDER.resolve("prepared.tsv");
        Reference.prepare(lines, prepared);

        double[] first = new double[rounds];
        double[] again = new double[rounds];
        double[] reference = new double[rounds];
        for (int round = 0; round < rounds; round++) {
            try (Store store = bench.scratch()) {
                Bench.settle(store);
                reference[round] = Reference.copyIntoWideTable(store, prepared);
                require(lines, Reference.count(store.dataSource(), "wide_history"));
            }
            try (TestProgram program = bench.program()) {
                first[round] = seconds(program, zip, lines);
                again[round] = seconds(program, zip, lines);
            }
            System.out.printf(
                    Locale.ROOT,
                    "round %d: import %.2f s, reference %.2f s, again %.2f s%n",
                    round + 1,
                    first[round],
                    reference[round],
                    again[round]);
        }
        double ours = Bench.median(first);
        compare(
                bench,
                "import of %,d lines against COPY and one insert into one wide table",
                lines,
                atMost(4.0),
                ours,
                Bench.median(reference));
        compare(bench, "the same import again against the first", lines, atMost(0.5), Bench.median(again), ours);
        double batches;
        try (Store store = bench.scratch()) {
            Bench.settle(store);
            batches = Reference.batches(store.dataSource(), lines);
            require(lines, Reference.count(store.dataSource(), "listening_history_of_old"));
            bench.report()
                    .add(new Row(
                            "import of %,d lines against batches of 1,000 into one table".formatted(lines),
                            batches / ours,
                            TIMES,
                            atLeast(1),
                            "faster: %.2f s against %.2f s".formatted(ours, batches)));
        }
        try (Store store = bench.scratch()) {
            Bench.settle(store);
            double least = Reference.copyIntoOneTable(store, prepared);
            require(lines, Reference.count(store.dataSource(), "listening_history_of_old"));
            bench.report()
                    .add(new Row(
                            "COPY of %,d prepared rows and one insert into one table, against the batches"
                                    .formatted(lines),
                            batches / least,
                            TIMES,
                            null,
                            "faster: %.2f s, the least that anything could do".formatted(least)));
        }
        naive(bench, lines / ours);
        try (TestProgram program = bench.program()) {
            int stored = bench.size("stored");
            StoredPlays.fill(program.store(), stored);
            compare(
                    bench,
                    "import on top of %,d plays against one into an empty database",
                    stored,
                    atMost(1.5),
                    seconds(program, program.inbox().resolve("listeners/newcomer"), zip, lines),
                    ours);
            compare(
                    bench,
                    "the same for a listener who already has their part of %,d plays on the same days",
                    stored,
                    null,
                    seconds(program, zip, lines),
                    ours);
        }
    }

    private static void compare(
            Bench bench, String what, int number, Row.Limit limit, double seconds, double reference) {
        bench.report()
                .add(new Row(
                        String.format(Locale.ROOT, what, number),
                        seconds / reference,
                        TIMES,
                        limit,
                        String.format(
                                Locale.ROOT,
                                "%.2f s (%,.0f lines/s) against %.2f s",
                                seconds,
                                bench.size("lines") / seconds,
                                reference)));
    }

    /** Drops a file and waits until it is imported and moved. Returns the seconds. */
    static double seconds(TestProgram program, Path zip, int lines) throws Exception {
        return seconds(program, program.inbox(), zip, lines);
    }

    private static double seconds(TestProgram program, Path folder, Path zip, int lines) throws Exception {
        Files.createDirectories(folder);
        Bench.settle(program.store());
        long before = program.number("select count(*) from import where state = 'done'");
        Path link = Files.createLink(folder.resolve(".drop"), zip);
        Path dropped = folder.resolve("my_spotify_data.zip");
        double seconds = Bench.seconds(() -> {
            Files.move(link, dropped);
            while (Files.exists(dropped)) {
                Thread.sleep(2);
            }
        });
        require(
                lines,
                program.number(
                        "select sum(lines_read) from (select lines_read from import"
                                + " where state = 'done' order by import_id offset ?) as new",
                        before));
        return seconds;
    }

    private static void naive(Bench bench, double oursPerSecond) throws Exception {
        int lines = bench.size("naive");
        try (Store store = bench.scratch();
                DefaultCamelContext context = new DefaultCamelContext()) {
            Reference.makeOneTable(store.dataSource());
            context.getRegistry().bind("dataSource", store.dataSource());
            Resource routes = ResourceHelper.fromString("naive.yaml", NAIVE);
            PluginHelper.getRoutesLoader(context).loadRoutes(routes);
            context.start();
            String document = Lines.array(0, lines);
            double seconds =
                    Bench.seconds(() -> context.createProducerTemplate().sendBody("direct:naive", document));
            require(lines, Reference.count(store.dataSource(), "listening_history_of_old"));
            bench.report()
                    .add(new Row(
                            String.format(Locale.ROOT, "lines a second against naive Camel, %,d lines", lines),
                            oursPerSecond / (lines / seconds),
                            TIMES,
                            atLeast(40),
                            String.format(
                                    Locale.ROOT,
                                    "%,.0f lines/s against %,.0f lines/s",
                                    oursPerSecond,
                                    lines / seconds)));
        }
    }

    private static void require(long wanted, long found) throws IOException {
        if (wanted != found) {
            throw new IOException("Stored or read were " + found + " instead of " + wanted + "; nothing was measured.");
        }
    }
}
