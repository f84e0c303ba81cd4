package tracklog.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/** {@code DATA_DIR}. One program at a time holds it, by a file lock that ends with the process. */
record DataFolder(Path path, FileChannel lock) implements AutoCloseable {

    /**
     * Creates the folder if it is missing, readable by its owner only, and holds it until closed.
     *
     * @throws IOException if another program holds it or it is not writable
     */
    static DataFolder hold(Path path) throws IOException {
        if (Files.notExists(path)) {
            Files.createDirectories(path.getParent());
            Files.createDirectory(
                    path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        if (!Files.isWritable(path)) {
            throw new IOException("The data folder " + path + " (DATA_DIR) is not writable for the user "
                    + System.getProperty("user.name") + ".");
        }
        FileChannel channel =
                FileChannel.open(path.resolve("tracklog.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (lock(channel) == null) {
            channel.close();
            throw new IOException("Another Tracklog already runs on " + path
                    + ". Stop it first, or give this one a DATA_DIR of its own.");
        }
        return new DataFolder(path, channel);
    }

    private static FileLock lock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    /** Tells whether a program holds that folder now. */
    static boolean isHeld(Path path) throws IOException {
        Path file = path.resolve("tracklog.lock");
        if (Files.notExists(file)) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            return lock(channel) == null;
        }
    }

    Path resolve(String name) {
        return path.resolve(name);
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }
}
