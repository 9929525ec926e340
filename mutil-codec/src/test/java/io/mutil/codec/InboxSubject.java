package io.mutil.codec;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.mutil.codec.FramesByTheBook.End;
import io.mutil.codec.FramesByTheBook.Frame;
import io.mutil.codec.internal.FrameInbox;
import io.mutil.codec.internal.FrameParser;
import io.mutil.codec.internal.Framing;
import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** The engine of pipes and connections, with readers who come early and late, change their minds, and go. */
final class InboxSubject extends FrameSubject implements FrameInbox.Feed {
    private enum How {
        WHOLE,
        PIECES,
        SLICES,
        SKIP
    }

    private final FrameInbox inbox;
    private final Framing framing;
    private final long limit;
    private final List<Frame> frames = new ArrayList<>();
    private @Nullable CompletableFuture<Boolean> reading;
    private @Nullable End end;
    private @Nullable Throwable broken;

    // of the frame that is being read
    private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
    private boolean skipped;
    private long restarts;

    InboxSubject(Framing framing, long limit, Random random) {
        super(random);
        this.framing = framing;
        this.limit = limit;
        this.inbox = new FrameInbox(framing, 1 + random.nextInt(500), this);
    }

    @Override
    long limit() {
        return limit;
    }

    @Override
    boolean typed() {
        return framing.typed();
    }

    @Override
    public boolean isOwnThread() {
        return false;
    }

    @Override
    public void resume() {}

    @Override
    public void broken(Throwable why) {
        broken = why;
    }

    @Override
    long restarts() {
        return restarts;
    }

    @Override
    void feed(ByteBuf bytes) {
        // whether it wants more is its own business here: the next piece comes anyway, as one that was under way
        inbox.add(bytes);
        if (random.nextInt(4) > 0) {
            read();
        }
        if (reading != null && random.nextInt(8) == 0) {
            reading.cancel(false);
            reading = null;
            restarts++;
        }
        if (random.nextInt(200) == 0) {
            inbox.detach();
        }
    }

    @Override
    void end() {
        inbox.end();
        read();
        assertThat(end).as("readers come to an end").isNotNull();
        assertThat(broken != null).isEqualTo(end != End.WHOLE);
        assertThat(inbox.submit(new Take(How.WHOLE)))
                .as("and so do those who come later")
                .isDone();
        inbox.close(new IOException("the test is over"));
    }

    private void read() {
        while (end == null) {
            if (reading == null) {
                reading = inbox.submit(new Take(How.values()[random.nextInt(How.values().length)]));
            }
            if (!reading.isDone()) {
                return;
            }
            try {
                end = reading.getNow(false) ? null : End.WHOLE;
            } catch (CompletionException e) {
                end = end(requireNonNull(e.getCause()));
            }
            reading = null;
        }
    }

    /** Reads the frame that is next, or what others have left of it; false at the end. */
    private final class Take extends FrameInbox.Reading<Boolean> {
        private final How how;

        Take(How how) {
            this.how = how;
        }

        @Override
        protected boolean step(FrameParser frames) throws IOException {
            if (!frames.header()) {
                return frames.atEnd() && finish(false);
            }
            // the header says what kind and how long, and the end of the frame makes the parser forget
            int kind = framing.typed() ? frames.kind() : 0;
            long length = frames.length();
            return body(frames, length > Integer.MAX_VALUE - 8 && how == How.WHOLE ? How.PIECES : how)
                    && done(kind, length);
        }

        private boolean body(FrameParser frames, How how) throws IOException {
            if (how == How.WHOLE) {
                return take(frames.whole());
            }
            if (how == How.SKIP) {
                skipped = true;
                return frames.skip();
            }
            while (frames.remaining() > 0) {
                int most = 1 + random.nextInt(300);
                if (!(how == How.PIECES ? take(frames.piece(most)) : take(frames.slice(most)))) {
                    return false;
                }
            }
            frames.endFrame();
            return true;
        }

        private boolean done(int kind, long length) {
            frames.add(new Frame(kind, length, skipped ? null : taken.toByteArray()));
            taken.reset();
            skipped = false;
            return finish(true);
        }
    }

    private boolean take(@Nullable ByteBuffer piece) {
        if (piece != null) {
            taken.write(piece.array(), piece.arrayOffset() + piece.position(), piece.remaining());
        }
        return piece != null;
    }

    private boolean take(@Nullable ByteBuf piece) {
        if (piece != null) {
            taken.writeBytes(Frames.bytes(piece));
        }
        return piece != null;
    }

    @Override
    FramesByTheBook result() {
        return new FramesByTheBook(frames, requireNonNull(end));
    }

    @Override
    public String toString() {
        return framing.toString();
    }
}
