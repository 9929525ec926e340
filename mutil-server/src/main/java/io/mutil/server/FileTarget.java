package io.mutil.server;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * Where a file goes that the peer sends, and what is accepted, as {@code Connection.receiveFile} takes it.
 *
 * <p>The name is this side's choice. Where the peer chooses it, use a {@link FileRoot}.
 *
 * <p>A value: each method gives a new one.
 */
public final class FileTarget {
    private final Path path;
    private final long maxBytes;
    private final int prefixBytes;

    private FileTarget(Path path, long maxBytes, int prefixBytes) {
        this.path = path;
        this.maxBytes = maxBytes;
        this.prefixBytes = prefixBytes;
    }

    /**
     * This file. Missing parent directories are made; a file that exists is replaced, a symbolic link too (not what it
     * leads to).
     *
     * @throws IllegalArgumentException if the path has no file name
     */
    public static FileTarget of(Path path) {
        if (requireNonNull(path, "path").getFileName() == null) {
            throw new IllegalArgumentException("target must name a file, was " + path);
        }
        return new FileTarget(path, FileRoot.DEFAULT_MAX_BYTES, 0);
    }

    /**
     * The most that the file may have in the end, in bytes. Default 16 GiB. A longer one closes the connection with code
     * 1009 before anything is written.
     */
    public FileTarget maxBytes(long bytes) {
        return new FileTarget(path, requireNotNegative("maxBytes", bytes), prefixBytes);
    }

    /**
     * How many bytes at the beginning of the frame are the prefix; 0 to 65536, default 0. Only after the handshakes whose
     * frames have no kinds; after handshake 2 the frame itself says where its prefix ends, and this is not looked at.
     */
    public FileTarget prefixBytes(int bytes) {
        if (bytes > FileToSend.MAX_PREFIX_BYTES) {
            throw new IllegalArgumentException(
                    "prefixBytes must be at most " + FileToSend.MAX_PREFIX_BYTES + ", was " + bytes);
        }
        return new FileTarget(path, maxBytes, (int) requireNotNegative("prefixBytes", bytes));
    }

    static long requireNotNegative(String what, long value) {
        if (value < 0) {
            throw new IllegalArgumentException(what + " must not be negative, was " + value);
        }
        return value;
    }

    Landing landing() {
        return new OneFile(this);
    }

    /** Lands at the target whatever the prefix says. */
    private record OneFile(FileTarget target) implements Landing {
        @Override
        public long maxBytes() {
            return target.maxBytes;
        }

        @Override
        public int prefixBytes() {
            return target.prefixBytes;
        }

        @Override
        public PartFile begin(ByteBuffer prefix, long offset, @Nullable MessageDigest digest) throws IOException {
            Path parent = target.path.getParent();
            Directory directory = PathDirectory.made(parent == null ? Path.of("") : parent);
            return PartFile.begin(directory, target.path.getFileName().toString(), offset, digest);
        }

        @Override
        public String toString() {
            return target.path.toString();
        }
    }

    @Override
    public String toString() {
        return "FileTarget[" + path + ", at most " + maxBytes + " bytes" + "]";
    }
}
