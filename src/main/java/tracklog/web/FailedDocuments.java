package tracklog.web;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.sql.Timestamp;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.camel.Variable;

/** The files in the folder {@code .failed} of the inbox, with their reasons. */
public record FailedDocuments(Path failed) {

    private static final String REASON = ".reason.txt";

    /** Lists what failed in that inbox. */
    public FailedDocuments(String inbox) {
        this(Path.of(inbox, ".failed").toAbsolutePath().normalize());
    }

    /** Lists one page, newest first, and one document more if there is another page. */
    public List<Map<String, Object>> list(@Variable("parameters") Map<String, Object> parameters) throws IOException {
        if (Files.notExists(failed)) {
            return List.of();
        }
        try (Stream<Path> files = Files.find(failed, 8, (file, attributes) -> !attributes.isDirectory())) {
            return files.filter(file -> !file.toString().endsWith(REASON))
                    .map(this::document)
                    .flatMap(Optional::stream)
                    .sorted(Comparator.comparing(
                            document -> (Timestamp) document.get("failed_at"), Comparator.reverseOrder()))
                    .skip((Integer) parameters.get("offset"))
                    .limit((Integer) parameters.get("limit") + 1L)
                    .toList();
        }
    }

    /** Returns empty for a file that was taken away meanwhile. */
    private Optional<Map<String, Object>> document(Path file) {
        Map<String, Object> document = new LinkedHashMap<>();
        Path reason = file.resolveSibling(file.getFileName() + REASON);
        try {
            BasicFileAttributes attributes =
                    Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            boolean explained = Files.exists(reason);
            FileTime failedAt = explained ? Files.getLastModifiedTime(reason) : attributes.lastModifiedTime();
            document.put("document", failed.relativize(file).toString());
            document.put("bytes", attributes.size());
            document.put("failed_at", Timestamp.from(failedAt.toInstant()));
            document.put("reason", explained ? Files.readString(reason).strip() : null);
            return Optional.of(document);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
