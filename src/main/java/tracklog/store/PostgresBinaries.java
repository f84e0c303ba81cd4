package tracklog.store;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/** The PostgreSQL that ships in a jar, unpacked once into a directory. */
final class PostgresBinaries {

    private PostgresBinaries() {}

    /**
     * Unpacks the binaries for this platform unless they are there.
     *
     * @return the directory that holds {@code bin/postgres}
     * @throws IOException if the disk refuses, or no binaries for this platform are on the class path
     */
    static Path in(Path directory) throws IOException {
        if (Files.exists(directory.resolve("bin/postgres"))) {
            return directory;
        }
        String archive = archive();
        try (InputStream packed = PostgresBinaries.class.getResourceAsStream(archive)) {
            if (packed == null) {
                throw new IOException("This build has no PostgreSQL for this platform (" + archive
                        + "). Set DATABASE_URL to a PostgreSQL 15 or newer, or build on this machine.");
            }
            Files.createDirectories(directory.toAbsolutePath().getParent());
            Path unpacked = Files.createTempDirectory(directory.toAbsolutePath().getParent(), ".unpacking-");
            Files.setPosixFilePermissions(unpacked, PosixFilePermissions.fromString("rwxr-xr-x"));
            unpack(packed, unpacked);
            try {
                Files.move(unpacked, directory, StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException e) {
                // Another program on the same directory was faster; its copy is as good.
                Directories.delete(unpacked);
                if (!Files.exists(directory.resolve("bin/postgres"))) {
                    throw e;
                }
            }
        }
        return directory;
    }

    private static void unpack(InputStream packed, Path target) throws IOException {
        try (TarArchiveInputStream tar =
                new TarArchiveInputStream(new XZCompressorInputStream(new BufferedInputStream(packed)))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                Path path = target.resolve(entry.getName()).normalize();
                if (!path.startsWith(target)) {
                    throw new IOException("The PostgreSQL archive names a path outside itself: " + entry.getName());
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(path);
                } else if (entry.isSymbolicLink()) {
                    link(path, Path.of(entry.getLinkName()));
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

    private static void link(Path path, Path to) throws IOException {
        try {
            Files.createSymbolicLink(path, to);
        } catch (FileAlreadyExistsException e) {
            Files.delete(path);
            Files.createSymbolicLink(path, to);
        }
    }

    private static String archive() {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("mac") ? "darwin" : "linux";
        String arch = System.getProperty("os.arch").equals("aarch64") ? "arm_64" : "x86_64";
        return "/postgres-" + os + "-" + arch + ".txz";
    }
}
