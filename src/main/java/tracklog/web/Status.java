package tracklog.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.sql.Timestamp;
import java.text.ParseException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;
import org.quartz.CronExpression;
import tracklog.Settings;

/** What runs, since when, and what could not be imported. */
public final class Status {

    private static final String REASON = ".reason.txt";

    private final Instant startedAt = Instant.now();
    private final Path inbox;
    private final CronExpression schedule;
    private final boolean appConfigured;

    /** @throws IllegalArgumentException if COLLECT_CRON cannot be understood */
    public Status(Settings settings) {
        this.inbox = settings.path("HISTORY_INBOX");
        this.appConfigured = settings.secret("SPOTIFY_CLIENT_ID").isPresent()
                && settings.secret("SPOTIFY_CLIENT_SECRET").isPresent();
        try {
            this.schedule = new CronExpression(settings.get("COLLECT_CRON"));
        } catch (ParseException e) {
            throw new IllegalArgumentException(
                    "COLLECT_CRON must be a Quartz schedule like \"0 0/15 * * * ?\": " + e.getMessage(), e);
        }
    }

    /** What the database says, and the program. */
    @SuppressWarnings("JavaUtilDate") // Quartz knows no other
    public void answer(Exchange exchange, Map<String, Object> database) {
        String version = Status.class.getPackage().getImplementationVersion();
        Date next = schedule.getNextValidTimeAfter(new Date());
        Map<String, Object> status = new LinkedHashMap<>();
        status.put("version", version == null ? "development" : version);
        status.put("java_version", Runtime.version().toString());
        status.put("started_at", startedAt.toString());
        status.putAll(database);
        boolean connected = Boolean.TRUE.equals(status.remove("connected"));
        status.put(
                "next_poll_at",
                appConfigured && connected && next != null ? next.toInstant().toString() : null);
        status.put("app_configured", appConfigured);
        status.put("inbox", inbox.toString());
        HttpResponses.answer(exchange, 200, "application/json", HttpResponses.of(status));
    }

    /** What lies in {@code .failed}, newest first: a page of it, and one more where there is one. */
    public List<Map<String, Object>> failedDocuments(@Variable("parameters") Map<String, Object> parameters)
            throws IOException {
        Path failed = inbox.resolve(".failed");
        List<Map<String, Object>> documents = new ArrayList<>();
        Files.walkFileTree(failed, Set.of(), 8, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if ((attributes.isRegularFile() || attributes.isSymbolicLink())
                        && !file.toString().endsWith(REASON)) {
                    documents.add(document(failed, file, attributes));
                }
                return FileVisitResult.CONTINUE;
            }

            /** Whoever drops a document again takes it from here while we look; before the first there is no folder. */
            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                if (failure instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw failure;
            }
        });
        documents.sort(Comparator.comparing(
                (Map<String, Object> document) -> (Timestamp) document.get("failed_at"), Comparator.reverseOrder()));
        return documents.stream()
                .skip((Integer) parameters.get("offset"))
                .limit((Integer) parameters.get("limit") + 1L)
                .toList();
    }

    private static Map<String, Object> document(Path failed, Path file, BasicFileAttributes attributes)
            throws IOException {
        FileTime failedAt = attributes.lastModifiedTime();
        String reason = null;
        Path said = file.resolveSibling(file.getFileName() + REASON);
        try {
            failedAt = Files.getLastModifiedTime(said);
            reason = Files.readString(said, UTF_8).strip();
        } catch (NoSuchFileException none) {
            // the document says only that it failed
        }
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("document", failed.relativize(file).toString());
        document.put("bytes", attributes.size());
        document.put("failed_at", Timestamp.from(failedAt.toInstant()));
        document.put("reason", reason);
        return document;
    }
}
