package io.mutil.sqlshard;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The data of a row are not what a codec has written; which file it is in is for the caller to add. */
final class DamagedRowException extends IOException {
    DamagedRowException(String problem, @Nullable Throwable cause) {
        super(problem, cause);
    }
}
