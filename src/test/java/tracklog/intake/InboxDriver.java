package tracklog.intake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import tracklog.TestProgram;

/** Drops files into the inbox of a running program and sees what becomes of them. */
public record InboxDriver(TestProgram program) {

    public static final Duration PATIENCE = Duration.ofSeconds(90);

    /** Moves a file there that is already whole. */
    public Path drop(String name, byte[] content) throws IOException {
        Path target = program.inbox().resolve(name);
        Files.createDirectories(target.getParent());
        Path made = Files.createTempFile(program.dataDir(), "made", "");
        Files.write(made, content);
        return Files.move(made, target, StandardCopyOption.ATOMIC_MOVE);
    }

    public Path drop(String name, String content) throws IOException {
        return drop(name, content.getBytes(UTF_8));
    }

    public static byte[] zip(Map<String, String> entries) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (var entry : entries.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue().getBytes(UTF_8));
            }
        }
        return bytes.toByteArray();
    }

    /** Waits until the last import of that document has ended, and returns its books. */
    public Map<String, Object> books(String document) {
        return await().atMost(PATIENCE)
                .until(
                        () -> program.rows(
                                "select state, format, lines_read, inserted, duplicates, rejected, error from import"
                                        + " where document = ? order by import_id desc limit 1",
                                document),
                        rows -> !rows.isEmpty() && !"running".equals(rows.get(0).get("state")))
                .get(0);
    }

    /** Waits until it is done and gone from the inbox, and returns its books. */
    public Map<String, Object> done(String name) {
        await().atMost(PATIENCE).until(() -> !moved(".done", name).isEmpty());
        assertThat(program.inbox().resolve(name)).doesNotExist();
        Map<String, Object> books = books(name);
        assertThat(books).containsEntry("state", "done");
        return books;
    }

    /** Waits until it has failed and is gone from the inbox with its bytes as they were, and returns the reason. */
    public String failed(String name) throws IOException {
        await().atMost(PATIENCE).until(() -> !moved(".failed", name).isEmpty());
        Path file = moved(".failed", name).get(0);
        assertThat(program.inbox().resolve(name)).doesNotExist();
        return Files.readString(file.resolveSibling(file.getFileName() + ".reason.txt"), UTF_8);
    }

    /** What stands in {@code .done} or {@code .failed} under that name, oldest first. */
    public List<Path> moved(String to, String name) {
        Path directory = program.inbox().resolve(to).resolve(name).getParent();
        String tail = Path.of(name).getFileName().toString();
        if (Files.notExists(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith("-" + tail))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
