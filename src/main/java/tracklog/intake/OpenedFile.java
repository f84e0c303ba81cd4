package tracklog.intake;

import java.io.IOException;
import java.util.List;
import org.apache.camel.Body;
import org.apache.camel.Variable;
import tracklog.document.DocumentImport;

/** A found file while it is read. */
public record OpenedFile(FoundFile file, DroppedFile drop) implements AutoCloseable {

    public static OpenedFile of(@Variable("file") FoundFile file, @Body DroppedFile drop) {
        return new OpenedFile(file, drop);
    }

    /** Returns the documents of all files. */
    public static List<DocumentImport> imports(@Variable("drops") List<OpenedFile> drops) {
        return drops.stream().flatMap(opened -> opened.drop.imports().stream()).toList();
    }

    @Override
    public void close() throws IOException {
        drop.close();
    }
}
