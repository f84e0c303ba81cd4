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
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/** The PostgreSQL that ships in a jar, unpacked into a directory, and the way to run its programs. */
final class PostgresBinaries {

    /** Which archive a directory was unpacked from, so that an upgrade is noticed. Without it the directory is taken as it is. */
    private static final String ORIGIN = "unpacked-from";

    private static final String HALF_UNPACKED = ".unpacking-";

    private static final String TURN = ".unpacking";

    private final Path directory;

    private PostgresBinaries(Path directory) {
        this.directory = directory;
    }

    /**
     * Unpacks the binaries for this platform unless they are there already.
     *
     * @param directory holds {@code bin/postgres} afterwards
     * @throws IOException if the disk refuses, or no binaries for this platform are on the class path
     */
    static PostgresBinaries in(Path directory) throws IOException {
        String archive = archive();
        URL url = PostgresBinaries.class.getResource(archive);
        if (url == null && !isThere(directory)) {
            throw new IOException("This build has no PostgreSQL for this platform (" + archive
                    + "). Set DATABASE_URL to a PostgreSQL 15 or newer, or build on this machine.");
        }
        if (url != null && !isFrom(url, directory)) {
            replace(directory, url);
        }
        return new PostgresBinaries(directory);
    }

    private static boolean isThere(Path directory) {
        return Files.exists(directory.resolve("bin/postgres"));
    }

    private static boolean isFrom(URL url, Path directory) throws IOException {
        try {
            return isThere(directory)
                    && Files.readString(directory.resolve(ORIGIN), UTF_8)
                            .strip()
                            .equals(checksum(url));
        } catch (NoSuchFileException e) {
            return isThere(directory);
        }
    }

    private static String checksum(URL url) throws IOException {
        return url.openConnection() instanceof JarURLConnection jar
                ? Long.toHexString(jar.getJarEntry().getCrc())
                : url.toString();
    }

    /** Programs that share the directory take turns: once it is there, none of the same build takes it from under a running server. */
    private static synchronized void replace(Path directory, URL url) throws IOException {
        Path parent = Files.createDirectories(directory.getParent());
        try (FileChannel turn = FileChannel.open(parent.resolve(TURN), CREATE, WRITE)) {
            turn.lock();
            if (isFrom(url, directory)) {
                return;
            }
            sweepHalfUnpacked(parent);
            Path unpacked = Files.createTempDirectory(parent, HALF_UNPACKED);
            Files.setPosixFilePermissions(unpacked, PosixFilePermissions.fromString("rwxr-xr-x"));
            try (InputStream packed = url.openStream()) {
                unpack(packed, unpacked);
            }
            Files.writeString(unpacked.resolve(ORIGIN), checksum(url) + "\n", UTF_8);
            if (Files.exists(directory)) {
                Files.move(directory, Files.createTempDirectory(parent, HALF_UNPACKED), ATOMIC_MOVE);
            }
            Files.move(unpacked, directory, ATOMIC_MOVE);
            sweepHalfUnpacked(parent);
        }
    }

    /** What an earlier build left, or a killed run. */
    private static void sweepHalfUnpacked(Path parent) throws IOException {
        try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(parent, HALF_UNPACKED + "*")) {
            for (Path leftover : leftovers) {
                Directories.delete(leftover);
            }
        }
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

    private static String archive() {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("mac") ? "darwin" : "linux";
        String arch = System.getProperty("os.arch").equals("aarch64") ? "arm_64" : "x86_64";
        return "/postgres-" + os + "-" + arch + ".txz";
    }

    /** A program of PostgreSQL, ready to start. It inherits no secret of ours. */
    ProcessBuilder program(String name, List<String> arguments) {
        List<String> command = new ArrayList<>();
        // PostgreSQL refuses to run as root; in a user namespace of its own it does not see that it is.
        if (System.getProperty("user.name").equals("root")) {
            command.addAll(List.of("unshare", "-U"));
        }
        // A session of its own: Ctrl-C in the terminal is for us, and we stop the server when the routes have ended.
        if (Files.isExecutable(Path.of("/usr/bin/setsid"))) {
            command.add("/usr/bin/setsid");
        }
        command.add(directory.resolve("bin").resolve(name).toString());
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        String path = System.getenv("PATH");
        builder.environment().clear();
        builder.environment().put("PATH", path == null ? "/usr/bin:/bin" : path);
        builder.environment().put("LC_ALL", "C");
        return builder;
    }

    /**
     * Runs a program to its end.
     *
     * @param input lines for its standard input
     * @return what it wrote
     * @throws IOException if it fails; the message has what it wrote
     */
    String run(String name, List<String> arguments, List<String> input) throws IOException, InterruptedException {
        Process process = program(name, arguments).start();
        try (var stdin = process.outputWriter(UTF_8)) {
            for (String line : input) {
                stdin.write(line + "\n");
            }
        }
        String output = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
        int exitCode = process.waitFor();
        if (output.contains("unshare failed")) {
            throw new IOException(
                    "PostgreSQL refuses to run as root, and this system lets root make no user namespace (" + output
                            + "). Start Tracklog as another user, or set DATABASE_URL.");
        }
        if (exitCode != 0 || output.contains("ERROR:")) {
            throw new IOException(name + " failed with exit code " + exitCode + ": " + output);
        }
        return output;
    }
}
