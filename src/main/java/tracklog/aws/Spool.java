package tracklog.aws;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.apache.camel.Body;
import org.apache.camel.Variable;
import org.springframework.util.FileSystemUtils;
import software.amazon.awssdk.services.s3.model.S3Object;
import tracklog.intake.DroppedFile;

/** The folder to which objects are copied before they are read, so that memory does not limit their size. */
public final class Spool {

    private final Path folder;

    /** @param folder belongs to this program alone: files that a killed program left there are deleted */
    public Spool(Path folder) throws IOException {
        this.folder = folder;
        FileSystemUtils.deleteRecursively(folder);
        Files.createDirectories(folder);
    }

    /** Copies the bytes of an object to the disk and opens the copy. */
    public DroppedFile open(@Body InputStream bytes, @Variable("object") S3Object object) throws IOException {
        Path file = folder.resolve(UUID.randomUUID().toString());
        try (bytes) {
            long free = Files.getFileStore(folder).getUsableSpace();
            if (object.size() > free) {
                throw new IOException("The disk of DATA_DIR has %d MB free, and the object has %d MB"
                        .formatted(free >> 20, object.size() >> 20));
            }
            Files.copy(bytes, file);
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(file);
            throw e;
        }
        return DroppedFile.openCopy(file, ObjectRequests.name(object));
    }
}
