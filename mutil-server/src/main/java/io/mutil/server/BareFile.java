package io.mutil.server;

import io.mutil.codec.internal.FrameParser;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A file that is one frame: prefix, then bytes. */
final class BareFile extends IncomingFile {
    private final ByteBuffer prefix;

    BareFile(Connection connection, int prefixBytes) {
        super(connection);
        this.prefix = ByteBuffer.allocate(prefixBytes);
    }

    @Override
    @Nullable
    Exception refusal(FrameParser frames) {
        if (frames.claimedBy() != null) {
            return claimed();
        }
        return frames.length() >= prefix.capacity()
                ? null
                : new IOException("frame of " + frames.length() + " bytes is shorter than prefixBytes "
                        + prefix.capacity() + ", so it is no file; read it before the file");
    }

    @Override
    @Nullable
    FileStart start(FrameParser frames) throws IOException {
        frames.claim(this);
        touch();
        while (prefix.hasRemaining()) {
            ByteBuffer piece = frames.piece(prefix.remaining());
            if (piece == null) {
                return null;
            }
            prefix.put(piece);
        }
        return new FileStart(false, frames.length() - prefix.capacity(), 0, prefix.flip());
    }

    @Override
    boolean body(FrameParser frames, FileStart begun) throws IOException {
        if (!take(frames)) {
            return false;
        }
        frames.endFrame();
        return true;
    }

    @Override
    @Nullable
    FileEnd end() {
        return null;
    }
}
