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
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
        List<Map<String, Object>> documents = new ArrayList<>();
        Files.walkFileTree(failed, Set.of(), 8, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if ((attributes.isRegularFile() || attributes.isSymbolicLink())
                        && !file.toString().endsWith(REASON)) {
                    documents.add(document(file, attributes));
                }
                return FileVisitResult.CONTINUE;
            }

            /** A file may be taken away meanwhile, and the folder is missing until the first failure. */
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

    private Map<String, Object> document(Path file, BasicFileAttributes attributes) throws IOException {
        FileTime failedAt = attributes.lastModifiedTime();
        String reason = null;
        Path reasonFile = file.resolveSibling(file.getFileName() + REASON);
        try {
            failedAt = Files.getLastModifiedTime(reasonFile);
            reason = Files.readString(reasonFile, UTF_8).strip();
        } catch (NoSuchFileException none) {
            // the reason is not written yet, or was deleted
        }
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("document", failed.relativize(file).toString());
        document.put("bytes", attributes.size());
        document.put("failed_at", Timestamp.from(failedAt.toInstant()));
        document.put("reason", reason);
        return document;
    }
}
