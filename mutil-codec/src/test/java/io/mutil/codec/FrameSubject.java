package io.mutil.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.mutil.codec.FramesByTheBook.End;
import io.mutil.codec.internal.Framing;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Random;

/** Something that reads frames, and what must hold of it whatever comes. Used once. */
abstract class FrameSubject {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    /** What the first one costs, which has classes loaded. */
    private static final long ONCE = 8 << 20;

    private static final long TRUSTED = 1 << 20;

    final Random random;

    /** What the subject allocates from, where it can be told to; of its own, so that what is not released is seen. */
    final UnpooledByteBufAllocator own = new UnpooledByteBufAllocator(false);

    private final UnpooledByteBufAllocator feed = new UnpooledByteBufAllocator(false);

    FrameSubject(Random random) {
        this.random = random;
    }

    static List<FrameSubject> all(FrameFormat format, Random random) {
        return List.of(
                new DecoderSubject(format, false, random),
                new DecoderSubject(format, true, random),
                new InboxSubject(Framing.bare(format), format.maxBytes(), random),
                new InboxSubject(Framing.typed(format), format.maxBytes(), random));
    }

    /** The longest payload it takes. */
    abstract long limit();

    abstract boolean typed();

    /** Takes the bytes, and the reference to them. */
    abstract void feed(ByteBuf bytes);

    abstract void end();

    /** How often it has given up what it had gathered, and begun again. */
    abstract long restarts();

    /** What it has read, when all of it was fed. */
    abstract FramesByTheBook result();

    final FramesByTheBook read(List<byte[]> pieces) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        long arrived = 0;
        for (byte[] piece : pieces) {
            feed(buffer(piece));
            arrived += piece.length;
            assertThat(used(own)).as("memory for %d bytes", arrived).isLessThanOrEqualTo(2 * arrived + 256);
        }
        end();
        FramesByTheBook result = result();
        // counts what was garbage at once as well, so it is a little for each piece
        assertThat(THREADS.getCurrentThreadAllocatedBytes() - before)
                .isLessThan(ONCE + TRUSTED * restarts() + 100 * arrived + 4000L * pieces.size());
        assertThat(used(own)).as("not released by it").isZero();
        assertThat(used(feed)).as("not released of what it was fed").isZero();
        return result;
    }

    /** In one of the forms in which bytes come: full, with room behind, or as a part of something larger. */
    private ByteBuf buffer(byte[] piece) {
        return switch (random.nextInt(3)) {
            case 0 -> feed.heapBuffer(piece.length, piece.length).writeBytes(piece);
            case 1 -> feed.directBuffer(piece.length + random.nextInt(2048)).writeBytes(piece);
            default -> {
                ByteBuf larger = feed.heapBuffer(Long.BYTES + piece.length).writeLong(-1);
                ByteBuf part = larger.writeBytes(piece).skipBytes(Long.BYTES).readRetainedSlice(piece.length);
                larger.release();
                yield part;
            }
        };
    }

    private static long used(UnpooledByteBufAllocator allocator) {
        return allocator.metric().usedHeapMemory() + allocator.metric().usedDirectMemory();
    }

    static End end(Throwable error) {
        if (error instanceof TruncatedFrameException) {
            return End.TRUNCATED;
        }
        if (error instanceof FrameTooLargeException) {
            return End.TOO_LARGE;
        }
        if (error instanceof java.io.IOException
                && String.valueOf(error.getMessage()).startsWith("frame without a kind")) {
            return End.NO_KIND;
        }
        throw new AssertionError("not documented", error);
    }
}
