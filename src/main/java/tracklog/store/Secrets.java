package tracklog.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/** Keeps generated secrets in files that only their owner can read. */
final class Secrets {

    private Secrets() {}

    /** Returns the content of the file; empty where there is no file. */
    static Optional<String> read(Path file) throws IOException {
        return Files.exists(file) ? Optional.of(Files.readString(file, UTF_8).strip()) : Optional.empty();
    }

    /** Replaces the content of the file atomically. Its mode is 0600. */
    static void write(Path file, String content) throws IOException {
        var ownerOnly = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        Path written = Files.createTempFile(file.getParent(), ".secret-", "", ownerOnly);
        Files.writeString(written, content + "\n", UTF_8);
        Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
