package io.mutil.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A file that has arrived whole, is on the disk, and has its name.
 *
 * @param path where it is
 * @param prefix what the sender put before it, read-only
 * @param bytes how many bytes arrived; with a resumed file, only the new ones
 * @param size how many bytes the file has
 * @param sha256 the checksum in lower-case hexadecimal, if the sender gave one; it has been compared
 */
public record ReceivedFile(Path path, ByteBuffer prefix, long bytes, long size, Optional<String> sha256) {
    /** Checks the components. */
    public ReceivedFile {
        requireNonNull(path, "path");
        prefix = prefix.asReadOnlyBuffer();
        requireNonNull(sha256, "sha256");
    }

    /** A view of the prefix with a position of its own. */
    @Override
    public ByteBuffer prefix() {
        return prefix.duplicate();
    }

    /** The prefix as UTF-8; what is no UTF-8 becomes U+FFFD. */
    public String prefixText() {
        return UTF_8.decode(prefix()).toString();
    }
}
