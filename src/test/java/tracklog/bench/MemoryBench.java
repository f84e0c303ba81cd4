package tracklog.bench;

import static tracklog.bench.Row.Limit.atMost;
import static tracklog.bench.Row.Unit.MEGABYTES;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import tracklog.ChildProgram;
import tracklog.document.Lines;

/** Measures the heap that a long document needs, and the memory of the idle program. */
final class MemoryBench {

    private static final int HEAP = 96;

    private MemoryBench() {}

    static void measure(Bench bench) throws Exception {
        document(bench);
        idle(bench);
    }

    private static void document(Bench bench) throws Exception {
        Path folder = ChildProgram.newDataDir();
        Path made = folder.resolve("made.json");
        int lines = (int) (bench.size("megabytes") * 1_000_000L / Lines.line(1).length());
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(made), 1 << 16)) {
            Lines.write(0, lines, out);
        }
        long size = Files.size(made);
        try (ChildProgram program = ChildProgram.launch(folder, Map.of(), List.of("-Xmx" + HEAP + "m"), "run")
                .awaitReady()) {
            Path dropped = program.inbox().resolve("long.json");
            double seconds = Bench.seconds(() -> {
                Files.move(made, dropped);
                while (program.isAlive() && Files.exists(dropped)) {
                    Thread.sleep(50);
                }
            });
            boolean whole = program.isAlive() && program.number("select count(*) from play") == lines;
            bench.report()
                    .add(new Row(
                            String.format(Locale.ROOT, "heap for a document of %,d MB", size / 1_000_000),
                            whole ? HEAP : Double.MAX_VALUE,
                            MEGABYTES,
                            atMost(HEAP),
                            whole
                                    ? String.format(Locale.ROOT, "%,d lines in %.0f s", lines, seconds)
                                    : "it did not complete"));
        } finally {
            delete(folder.resolve("inbox"));
        }
    }

    private static void idle(Bench bench) throws Exception {
        if (!Files.exists(Path.of("/proc/self/smaps_rollup"))) {
            System.out.println("Memory is not measured: this system has no /proc/*/smaps_rollup.");
            return;
        }
        Path folder = ChildProgram.newDataDir();
        try (ChildProgram program = ChildProgram.start(folder, Map.of())) {
            Thread.sleep(bench.size("idle") * 1_000L);
            double jvm = pss(program.jvm());
            double server = 0;
            for (ProcessHandle process : program.jvm().descendants().toList()) {
                server += pss(process);
            }
            String detail = String.format(Locale.ROOT, "PSS: JVM %.0f MB, server %.0f MB, heap of 256 MB", jvm, server);
            bench.report()
                    .add(new Row(
                            "memory, idle, JVM and embedded server", jvm + server, MEGABYTES, atMost(300), detail));
            bench.report().add(new Row("memory, idle, JVM alone", jvm, MEGABYTES, atMost(160), detail));
        }
    }

    /** Returns the memory in MB, or 0 for a process that has just ended. */
    private static double pss(ProcessHandle process) throws IOException {
        Path rollup = Path.of("/proc/" + process.pid() + "/smaps_rollup");
        if (!Files.exists(rollup)) {
            return 0;
        }
        try (Stream<String> lines = Files.lines(rollup)) {
            return lines.filter(line -> line.startsWith("Pss:"))
                            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                            .sum()
                    / 1024.0;
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.delete(file);
            }
        }
    }
}
