package io.mutil.server;

import io.mutil.codec.TruncatedFrameException;
import io.mutil.codec.internal.FrameParser;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A file in frames of its own kinds. */
final class TypedFile extends IncomingFile {
    private boolean inside;
    private long received;
    private volatile @Nullable FileEnd end;

    TypedFile(Connection connection) {
        super(connection);
    }

    @Override
    @Nullable
    Exception refusal(FrameParser frames) {
        if (frames.claimedBy() != null) {
            return claimed();
        }
        return frames.kind() == Kinds.FILE_START
                ? null
                : new IOException((frames.kind() == Kinds.DATA ? "a frame" : "a frame of kind " + frames.kind())
                        + " comes next, which is no file; read it before the file");
    }

    @Override
    @Nullable
    FileStart start(FrameParser frames) throws IOException {
        ByteBuffer payload = small(frames, FileStart.MAX_BYTES);
        return payload == null ? null : FileStart.parse(payload);
    }

    private static @Nullable ByteBuffer small(FrameParser frames, int max) throws IOException {
        if (frames.length() > max) {
            throw new IOException("frame of kind " + frames.kind() + " has " + frames.length() + " bytes, at most "
                    + max + " make sense; the peer does not speak this protocol");
        }
        return frames.whole();
    }

    @Override
    boolean body(FrameParser frames, FileStart begun) throws IOException {
        while (true) {
            if (!frames.header()) {
                if (frames.atEnd()) {
                    throw new TruncatedFrameException(begun.length(), received);
                }
                return false;
            }
            if (frames.kind() == Kinds.FILE_END) {
                return end(frames, begun);
            }
            if (frames.kind() == Kinds.HEARTBEAT ? !frames.skip() : !data(frames, begun)) {
                return false;
            }
        }
    }

    private boolean data(FrameParser frames, FileStart begun) throws IOException {
        if (frames.kind() != Kinds.FILE_DATA) {
            throw new IOException(
                    "a frame of kind " + frames.kind() + " inside of a file; the peer does not speak this protocol");
        }
        if (!inside) {
            // not by the sum, which may be beyond what a long holds
            if (frames.length() > begun.length() - received) {
                throw new IOException("file of " + begun.length() + " bytes has " + frames.length()
                        + " behind the first " + received + "; the peer does not speak this protocol");
            }
            received += frames.length();
            inside = true;
        }
        if (!take(frames)) {
            return false;
        }
        inside = false;
        frames.endFrame();
        return true;
    }

    private boolean end(FrameParser frames, FileStart begun) throws IOException {
        ByteBuffer payload = small(frames, FileEnd.MAX_BYTES);
        if (payload == null) {
            return false;
        }
        FileEnd last = FileEnd.parse(payload, begun.sha256());
        if (last.aborted() == null && received < begun.length()) {
            throw new TruncatedFrameException(begun.length(), received);
        }
        end = last;
        return true;
    }

    @Override
    @Nullable
    FileEnd end() {
        return end;
    }
}
