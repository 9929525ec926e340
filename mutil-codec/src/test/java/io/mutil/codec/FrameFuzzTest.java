package io.mutil.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.mutil.testkit.Mutations;
import io.mutil.testkit.NettyLeaks;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;

/**
 * Random and damaged streams, in random pieces, to all that reads frames: what comes out is what {@link FramesByTheBook}
 * says.
 */
class FrameFuzzTest {
    private static final int TRIES = 300;
    private static final int SOAK = 100 * TRIES;
    private static final int LONGEST_STREAM = 4096;
    private static final long[] LIMITS = {1, 7, 100, 1000, 70_000, 16L << 20, 1L << 31, 1L << 40, Long.MAX_VALUE};

    @AfterContainer
    static void noBufferIsLost() throws InterruptedException {
        NettyLeaks.assertNone();
    }

    @Property(tries = TRIES)
    void garbageIsReadByTheBook(@ForAll @IntRange(min = 1, max = 10) int width, @ForAll long seed) {
        Random random = new Random(seed);
        byte[] garbage = Mutations.random(random.nextInt(600), random);
        // else nearly everything would end at its first header
        for (int i = 0; i < garbage.length && random.nextBoolean(); i++) {
            garbage[random.nextInt(garbage.length)] = 0;
        }
        check(width, random, garbage);
    }

    @Property(tries = TRIES)
    void damagedStreamsAreReadByTheBook(
            @ForAll @IntRange(min = 1, max = 10) int width,
            @ForAll @IntRange(min = 0, max = 5) int times,
            @ForAll long seed) {
        Random random = new Random(seed);
        check(width, random, Mutations.damaged(stream(width, random), times, random));
    }

    @Tag("soak")
    @Property(tries = SOAK)
    void garbageIsReadByTheBookForLong(@ForAll @IntRange(min = 1, max = 10) int width, @ForAll long seed) {
        garbageIsReadByTheBook(width, seed);
    }

    @Tag("soak")
    @Property(tries = SOAK)
    void damagedStreamsAreReadByTheBookForLong(
            @ForAll @IntRange(min = 1, max = 10) int width,
            @ForAll @IntRange(min = 0, max = 5) int times,
            @ForAll long seed) {
        damagedStreamsAreReadByTheBook(width, times, seed);
    }

    /** Frames of all sizes, most of them short; the first byte of a payload may be its kind. */
    private static byte[] stream(int width, Random random) {
        FrameFormat format = FrameFormat.littleEndian(width);
        ByteBuf all = Unpooled.buffer();
        for (int i = random.nextInt(12); i >= 0; i--) {
            int longest = width == 1 ? 255 : random.nextInt(10) == 0 ? 2000 : 60;
            byte[] payload = Mutations.random(random.nextInt(longest + 1), random);
            format.writeHeader(all, payload.length);
            all.writeBytes(payload);
        }
        return Frames.bytes(all);
    }

    private static void check(int width, Random random, byte[] bytes) {
        byte[] stream = Arrays.copyOf(bytes, Math.min(bytes.length, LONGEST_STREAM));
        FrameFormat format = FrameFormat.littleEndian(width).maxBytes(LIMITS[random.nextInt(LIMITS.length)]);
        // at a stroke, byte by byte, and in random pieces
        for (int longest : List.of(LONGEST_STREAM, 1, 1 + random.nextInt(100))) {
            for (FrameSubject subject : FrameSubject.all(format, random)) {
                FramesByTheBook expected = FramesByTheBook.of(stream, width, subject.limit(), subject.typed());
                FramesByTheBook read = subject.read(pieces(stream, longest, random));
                assertThat(read.describe())
                        .as("%s of %s, pieces of up to %d", subject, format, longest)
                        .isEqualTo(expected.describe(read));
            }
        }
    }

    private static List<byte[]> pieces(byte[] stream, int longest, Random random) {
        List<byte[]> pieces = new ArrayList<>();
        for (int at = 0; at < stream.length; ) {
            int next = longest == LONGEST_STREAM ? longest : 1 + random.nextInt(longest);
            int end = Math.min(stream.length, at + next);
            pieces.add(Arrays.copyOfRange(stream, at, end));
            at = end;
        }
        return pieces;
    }
}
