package io.mutil.server;

import java.nio.file.FileSystemException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The bytes that were announced are no longer there. */
final class FileShrankException extends FileSystemException {
    FileShrankException(Path path, long announced, long now, @Nullable Throwable cause) {
        super(
                path.toString(),
                null,
                "it shrank to " + now + " bytes while it was sent up to byte " + announced
                        + "; send it again when nothing else writes it");
        initCause(cause);
    }
}
