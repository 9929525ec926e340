package io.mutil.sqlshard;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A row cannot be read as it is; which file it is in is for the caller to add. */
final class DamagedRowException extends IOException {
    private static final String REMEDY =
            "put its value again, restore the file from a backup, or use a newer version of the library";

    private final String problem;
    private final String remedy;

    DamagedRowException(String problem, @Nullable Throwable cause) {
        this(problem, REMEDY, cause);
    }

    DamagedRowException(String problem, String remedy, @Nullable Throwable cause) {
        super(problem + "; " + remedy, cause);
        this.problem = problem;
        this.remedy = remedy;
    }

    ShardFileException in(Path file) {
        return new ShardFileException(file, problem, remedy, this);
    }
}
