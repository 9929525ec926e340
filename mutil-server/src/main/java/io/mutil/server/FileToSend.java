package io.mutil.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * A file, or a part of one, as {@code Connection.sendFile} takes it.
 *
 * <pre>{@code
 * connection.sendFile(FileToSend.of(Path.of("day.csv")).prefix("2026/day.csv").sha256());
 * }</pre>
 *
 * <p>A value: each method gives a new one. The file is looked at when it is sent, not here.
 */
public final class FileToSend {
    /** What a prefix may have; a receiver keeps it in memory. */
    static final int MAX_PREFIX_BYTES = 64 << 10;

    /** Stands for "up to where the file ends when it is opened". */
    static final long TO_THE_END = -1;

    private final Path path;
    private final ByteBuffer prefix;
    private final long from;
    private final long length;
    private final long offset;
    private final boolean sha256;

    private FileToSend(Path path, ByteBuffer prefix, long from, long length, long offset, boolean sha256) {
        this.path = path;
        this.prefix = prefix;
        this.from = from;
        this.length = length;
        this.offset = offset;
        this.sha256 = sha256;
    }

    /** The whole of this file, without a prefix. */
    public static FileToSend of(Path path) {
        return new FileToSend(requireNonNull(path, "path"), ByteBuffer.allocate(0), 0, TO_THE_END, 0, false);
    }

    /**
     * Bytes that the receiver gets before those of the file: a name, or whatever both ends agree on. They are copied.
     *
     * @throws IllegalArgumentException if there are more than 65536
     */
    public FileToSend prefix(ByteBuffer prefix) {
        int bytes = prefix.remaining();
        if (bytes > MAX_PREFIX_BYTES) {
            throw new IllegalArgumentException("prefix must have at most " + MAX_PREFIX_BYTES + " bytes, has " + bytes
                    + "; send more as a frame of its own");
        }
        ByteBuffer copy = ByteBuffer.allocate(bytes).put(prefix.duplicate()).flip();
        return new FileToSend(path, copy, from, length, offset, sha256);
    }

    /**
     * The prefix as UTF-8; for a {@link FileRoot} it is the name of the file below the root.
     *
     * @throws IllegalArgumentException if it has more than 65536 bytes
     */
    public FileToSend prefix(String prefix) {
        return prefix(UTF_8.encode(prefix));
    }

    /**
     * Only these bytes of the file. That they are there is checked when the file is sent.
     *
     * @param from the first byte, counted from zero
     * @param length how many (not: the end), zero is allowed
     */
    public FileToSend range(long from, long length) {
        FileTarget.requireNotNegative("from", from);
        FileTarget.requireNotNegative("length", length);
        return new FileToSend(path, prefix, from, length, offset, sha256);
    }

    /**
     * Leaves out the first bytes of what would be sent, because the receiver's target holds exactly these already.
     *
     * <p>The receiver keeps them and refuses the file if its target has another length. Whether they are the same bytes
     * is known only with {@link #sha256()}. It copies them behind the arrival of the others, so it needs room for the
     * file as it was and as it will be. Needs handshake 2 unless the offset is zero.
     *
     * @param offset how many bytes the receiver has
     */
    public FileToSend resumeAt(long offset) {
        FileTarget.requireNotNegative("offset", offset);
        return new FileToSend(path, prefix, from, length, offset, sha256);
    }

    /**
     * Adds a checksum that the receiver compares before the file appears under its name.
     *
     * <p>It covers the file as it is to be at the receiver: with {@link #resumeAt} also the bytes that were left out, which
     * are read for it. Needs handshake 2.
     */
    public FileToSend sha256() {
        return new FileToSend(path, prefix, from, length, offset, true);
    }

    Path path() {
        return path;
    }

    ByteBuffer prefix() {
        return prefix.duplicate();
    }

    long from() {
        return from;
    }

    /** {@link #TO_THE_END}, or how many bytes. */
    long length() {
        return length;
    }

    long offset() {
        return offset;
    }

    boolean hasSha256() {
        return sha256;
    }

    @Override
    public String toString() {
        return "FileToSend[" + path + (length == TO_THE_END ? "" : ", from " + from + " length " + length)
                + (offset == 0 ? "" : ", resumed at " + offset) + (sha256 ? ", SHA-256" : "") + "]";
    }
}
