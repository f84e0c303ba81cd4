package tracklog.observe;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Is down when files in the inbox cannot be read or moved. */
public final class InboxHealth extends TimedHealthCheck {

    private final Path folder;

    public InboxHealth(Path folder) {
        super("inbox", "Does the disk that the inbox (HISTORY_INBOX) is on answer?");
        this.folder = folder;
    }

    @Override
    protected Optional<String> problem() {
        if (!Files.isDirectory(folder)) {
            return Optional.of("The inbox, the folder that HISTORY_INBOX names, does not exist. Create it.");
        }
        for (Path needed : new Path[] {folder, folder.resolve(".done"), folder.resolve(".failed")}) {
            boolean usable = Files.notExists(needed)
                    || (Files.isDirectory(needed)
                            && Files.isReadable(needed)
                            && Files.isWritable(needed)
                            && Files.isExecutable(needed));
            if (!usable) {
                return Optional.of(
                        (needed.equals(folder) ? "The inbox" : "The folder " + needed.getFileName() + " in the inbox")
                                + " cannot be read and written. Give the user that Tracklog runs as ("
                                + System.getProperty("user.name") + ") the right to.");
            }
        }
        return Optional.empty();
    }
}
