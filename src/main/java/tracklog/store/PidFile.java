package tracklog.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The file {@code postmaster.pid} of a cluster, in which its server states its process and its port. */
record PidFile(Path path) {

    private static final int PORT_LINE = 3;

    /** Returns the process number, negative in single-user mode; 0 where there is no server. */
    long pid() {
        try {
            return Long.parseLong(Files.readAllLines(path).get(0).strip());
        } catch (IOException | UncheckedIOException | IndexOutOfBoundsException | NumberFormatException e) {
            return 0;
        }
    }

    /** @throws IOException if no server listens yet */
    int port() throws IOException {
        try {
            return Integer.parseInt(Files.readAllLines(path).get(PORT_LINE).strip());
        } catch (IndexOutOfBoundsException | NumberFormatException e) {
            throw new IOException("there is no port in " + path, e);
        }
    }

    void delete() throws IOException {
        Files.deleteIfExists(path);
    }
}
