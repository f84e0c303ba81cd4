package tracklog.bench;

import static tracklog.bench.Row.Limit.atMost;
import static tracklog.bench.Row.Unit.SECONDS;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tracklog.ChildProgram;
import tracklog.store.ExternalServer;

/** Measures the time from the command until every route runs, on a running database with its schema. */
final class StartBench {

    private StartBench() {}

    static void measure(Bench bench) throws Exception {
        int rounds = bench.size("rounds");
        double[] ours = new double[rounds];
        double[] reference = new double[rounds];
        try (ExternalServer server = new ExternalServer()) {
            server.start();
            Map<String, String> settings = server.settings();
            // The first start waits for the server and migrates. The second archives the classes, like the build of the
            // image.
            ChildProgram.start(ChildProgram.newDataDir(), settings).close();
            Path archive = Bench.FOLDER.resolve("tracklog.jsa").toAbsolutePath();
            start(settings, "-XX:ArchiveClassesAtExit=" + archive).close();
            for (int round = 0; round < rounds; round++) {
                long start = System.nanoTime();
                try (ChildProgram program = start(settings, "-XX:SharedArchiveFile=" + archive)) {
                    ours[round] = (System.nanoTime() - start) / 1e9;
                    if (!program.isAlive()) {
                        throw new IllegalStateException(program.output());
                    }
                }
                reference[round] = Bench.seconds(StartBench::oneLine);
            }
        }
        double more = Bench.median(ours) - Bench.median(reference);
        bench.report()
                .add(new Row(
                        "start to the last route, external database, against a JVM that prints one line",
                        more,
                        SECONDS,
                        atMost(2),
                        String.format(
                                Locale.ROOT,
                                "more: %.2f s against %.2f s",
                                Bench.median(ours),
                                Bench.median(reference))));
    }

    private static ChildProgram start(Map<String, String> settings, String archive) throws Exception {
        List<String> options = List.of("-Xmx256m", archive, "-Xlog:cds=off", "-Xlog:cds+dynamic=off");
        return ChildProgram.launch(ChildProgram.newDataDir(), settings, options, "run")
                .awaitReady();
    }

    private static void oneLine() throws Exception {
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        OneLine.class.getName()))
                .start();
        process.inputReader().readLine();
        process.waitFor();
    }

    /** A JVM that prints one line. */
    static final class OneLine {

        private OneLine() {}

        public static void main(String... arguments) {
            System.out.println("It runs.");
        }
    }
}
