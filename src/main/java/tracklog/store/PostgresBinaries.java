package tracklog.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The programs of PostgreSQL in a directory. */
record PostgresBinaries(Path directory) {

    /** Unpacks them into the directory unless they are there. */
    static PostgresBinaries in(Path directory) throws IOException {
        PostgresArchive.unpackInto(directory);
        return new PostgresBinaries(directory);
    }

    /** Returns a program that is ready to start. It inherits no secret from the environment. */
    ProcessBuilder program(String name, List<String> arguments) {
        List<String> command = new ArrayList<>();
        // PostgreSQL refuses to run as root. In a user namespace of its own it does not see that it does.
        if (System.getProperty("user.name").equals("root")) {
            command.addAll(List.of("unshare", "-U"));
        }
        // In a session of its own Ctrl-C does not reach it. The program stops it after its routes have ended.
        if (Files.isExecutable(Path.of("/usr/bin/setsid"))) {
            command.add("/usr/bin/setsid");
        }
        command.add(directory.resolve("bin").resolve(name).toString());
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().keySet().retainAll(Set.of("PATH"));
        builder.environment().put("LC_ALL", "C");
        return builder;
    }

    /**
     * Runs a program to its end.
     *
     * @param input lines for its standard input
     * @return its output
     * @throws IOException if it fails; the message holds its output
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
