package tracklog.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;
import org.springframework.util.FileSystemUtils;

/** The archive of PostgreSQL's binaries on the class path, and the directory that it is unpacked into. */
final class PostgresArchive {

    /** Names the archive that a directory was unpacked from. A directory without this file is taken as it is. */
    private static final String ORIGIN = "unpacked-from";

    private static final String UNFINISHED = ".unpacking-";

    private static final String LOCK = ".unpacking";

    private PostgresArchive() {}

    /**
     * Unpacks the binaries for this platform unless the directory has them.
     *
     * @throws IOException if the disk refuses, or the class path has no binaries for this platform
     */
    static void unpackInto(Path directory) throws IOException {
        String archive = name();
        URL url = PostgresArchive.class.getResource(archive);
        if (url == null && !isUnpacked(directory)) {
            throw new IOException("This build has no PostgreSQL for this platform (" + archive
                    + "). Set DATABASE_URL to a PostgreSQL 15 or newer, or build on this machine.");
        }
        if (url != null && !isFrom(url, directory)) {
            replace(directory, url);
        }
    }

    private static String name() {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("mac") ? "darwin" : "linux";
        String arch = System.getProperty("os.arch").equals("aarch64") ? "arm_64" : "x86_64";
        return "/postgres-" + os + "-" + arch + ".txz";
    }

    private static boolean isUnpacked(Path directory) {
        return Files.exists(directory.resolve("bin/postgres"));
    }

    private static boolean isFrom(URL url, Path directory) throws IOException {
        try {
            return isUnpacked(directory)
                    && Files.readString(directory.resolve(ORIGIN), UTF_8)
                            .strip()
                            .equals(checksum(url));
        } catch (NoSuchFileException e) {
            return true;
        }
    }

    private static String checksum(URL url) throws IOException {
        return url.openConnection() instanceof JarURLConnection jar
                ? Long.toHexString(jar.getJarEntry().getCrc())
                : url.toString();
    }

    /** Replaces the directory under a lock, so that no other program of this build removes it from a running server. */
    private static synchronized void replace(Path directory, URL url) throws IOException {
        Path parent = Files.createDirectories(directory.getParent());
        try (FileChannel lock = FileChannel.open(parent.resolve(LOCK), CREATE, WRITE)) {
            lock.lock();
            if (isFrom(url, directory)) {
                return;
            }
            sweep(parent, UNFINISHED);
            Path unpacked = Files.createTempDirectory(parent, UNFINISHED);
            Files.setPosixFilePermissions(unpacked, PosixFilePermissions.fromString("rwxr-xr-x"));
            try (InputStream packed = url.openStream()) {
                unpack(packed, unpacked);
            }
            Files.writeString(unpacked.resolve(ORIGIN), checksum(url) + "\n", UTF_8);
            if (Files.exists(directory)) {
                Files.move(directory, Files.createTempDirectory(parent, UNFINISHED), ATOMIC_MOVE);
            }
            Files.move(unpacked, directory, ATOMIC_MOVE);
            sweep(parent, UNFINISHED);
        }
    }

    /** Deletes the directories that a killed run, or an earlier build, left with that prefix. */
    static void sweep(Path parent, String prefix) throws IOException {
        try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(parent, prefix + "*")) {
            for (Path leftover : leftovers) {
                FileSystemUtils.deleteRecursively(leftover);
            }
        }
    }

    private static void unpack(InputStream packed, Path target) throws IOException {
        try (TarArchiveInputStream tar =
                new TarArchiveInputStream(new XZCompressorInputStream(new BufferedInputStream(packed)))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                // Throws if the name leads outside the target.
                Path path = entry.resolveIn(target);
                if (entry.isDirectory()) {
                    Files.createDirectories(path);
                } else if (entry.isSymbolicLink()) {
                    Files.deleteIfExists(path);
                    Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
                } else {
                    Files.createDirectories(path.getParent());
                    Files.copy(tar, path, StandardCopyOption.REPLACE_EXISTING);
                    if ((entry.getMode() & 0b001_000_000) != 0) {
                        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
                    }
                }
            }
        }
    }
}
