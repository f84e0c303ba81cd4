package tracklog.intake;

import java.io.IOException;

/** A file is no longer what was imported. */
final class ChangedFileException extends IOException {

    private static final long serialVersionUID = 1;

    ChangedFileException(String name) {
        super(name);
    }
}
