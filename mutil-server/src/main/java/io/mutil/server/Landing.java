package io.mutil.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/** Where a file goes that arrives, and what is accepted. */
interface Landing {
    /** The most that the file may have in the end. */
    long maxBytes();

    /** How many bytes are the prefix where frames do not tell. */
    int prefixBytes();

    /** Opens the file; may wait for the disk. */
    PartFile begin(ByteBuffer prefix, long offset, @Nullable MessageDigest digest) throws IOException;
}
