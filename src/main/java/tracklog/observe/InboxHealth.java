package tracklog.observe;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Checks whether files in the inbox can be read and moved. */
record InboxHealth(Path folder) implements TimedHealthCheck.Check {

    @Override
    public String problem() {
        if (!Files.isDirectory(folder)) {
            return "The inbox, the folder that HISTORY_INBOX names, does not exist. Create it.";
        }
        for (Path needed : List.of(folder, folder.resolve(".done"), folder.resolve(".failed"))) {
            boolean usable = Files.notExists(needed)
                    || (Files.isDirectory(needed)
                            && Files.isReadable(needed)
                            && Files.isWritable(needed)
                            && Files.isExecutable(needed));
            if (!usable) {
                String name =
                        needed.equals(folder) ? "The inbox" : "The folder " + needed.getFileName() + " in the inbox";
                return name + " cannot be read and written. Give the user that Tracklog runs as ("
                        + System.getProperty("user.name") + ") the right to.";
            }
        }
        return null;
    }
}
