package io.mutil.sqlshard;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A file or directory of a store cannot be used as it is; says which, and what to do about it. */
public final class ShardFileException extends IOException {
    private final transient Path file;
    private final String remedy;

    private ShardFileException(ShardFileException cause) {
        super(cause.getMessage(), cause);
        this.file = cause.file;
        this.remedy = cause.remedy;
    }

    ShardFileException(Path file, String problem, String remedy) {
        this(file, problem, remedy, null);
    }

    ShardFileException(Path file, String problem, String remedy, @Nullable Throwable cause) {
        super(file + ": " + problem + "; " + remedy, cause);
        this.file = file;
        this.remedy = remedy;
    }

    /** The same once more, for another caller. */
    ShardFileException again() {
        return new ShardFileException(this);
    }

    /** The file or directory. */
    public Path file() {
        return file;
    }

    /** What to do; also part of the message. */
    public String remedy() {
        return remedy;
    }
}
