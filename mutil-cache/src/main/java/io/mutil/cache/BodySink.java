package io.mutil.cache;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;

/** Takes the body of an answer while it arrives. Any thread may use it, one at a time. */
public interface BodySink {
    /**
     * Says what comes, before the first byte; nobody has to. What the origin forbids to keep then never touches the disk.
     *
     * @throws IOException if the announced body is too large
     */
    void head(int status, Map<String, List<String>> headers) throws IOException;

    /**
     * Takes what remains in the buffer, which is the caller's again afterwards. May wait for the disk.
     *
     * @throws IOException if the body is too large, or nobody wants it any more: stop fetching
     */
    void write(ByteBuffer bytes) throws IOException;
}
