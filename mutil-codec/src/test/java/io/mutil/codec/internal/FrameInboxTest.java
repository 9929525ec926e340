package io.mutil.codec.internal;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mutil.codec.FrameFormat;
import io.mutil.codec.FrameTooLargeException;
import io.mutil.codec.IncomingFrame;
import io.mutil.codec.TruncatedFrameException;
import io.mutil.testkit.Eventually;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class FrameInboxTest {
    private static final int CAPACITY = 1000;

    private final AtomicInteger resumed = new AtomicInteger();
    private @Nullable Throwable broken;
    private boolean ownThread;
    private final FrameInbox.Feed feed = new FrameInbox.Feed() {
        @Override
        public boolean isOwnThread() {
            return ownThread;
        }

        @Override
        public void resume() {
            resumed.incrementAndGet();
        }

        @Override
        public void broken(Throwable why) {
            broken = why;
        }
    };
    private final FrameFormat format = FrameFormat.littleEndian(2).maxBytes(5000);
    private final FrameInbox inbox = new FrameInbox(Framing.bare(format), CAPACITY, feed);

    @AfterEach
    void releaseWhatWasNotRead() {
        inbox.close(new IOException("the test is over"));
    }

    private ByteBuf frame(byte[] payload) {
        ByteBuf frame = PooledByteBufAllocator.DEFAULT.directBuffer();
        format.writeHeader(frame, payload.length);
        return frame.writeBytes(payload);
    }

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private byte @Nullable [] read() throws IOException, InterruptedException {
        return array(inbox.await(FrameReading.whole()));
    }

    private static byte @Nullable [] array(@Nullable ByteBuffer frame) {
        if (frame == null) {
            return null;
        }
        byte[] bytes = new byte[frame.remaining()];
        frame.get(frame.position(), bytes);
        return bytes;
    }

    @Test
    void readsAFrameWhateverThePiecesThatItComesIn() throws Exception {
        byte[] first = bytes(5);
        byte[] second = bytes(0);
        byte[] third = bytes(7);
        ByteBuf all = Unpooled.wrappedBuffer(frame(first), frame(second), frame(third));
        for (int cut = 0; cut <= all.readableBytes(); cut++) {
            for (int next = cut; next <= all.readableBytes(); next++) {
                inbox.add(all.copy(0, cut));
                inbox.add(all.copy(cut, next - cut));
                inbox.add(all.copy(next, all.readableBytes() - next));

                assertThat(read()).isEqualTo(first);
                assertThat(read()).isEqualTo(second);
                assertThat(read()).isEqualTo(third);
            }
        }
        all.release();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 900, 3000, 5000})
    void readsIntoABufferThatIsUsedAgain(int length) throws Exception {
        var roomy = new FrameInbox(Framing.bare(format), 5000, feed);
        for (FrameInbox from : List.of(inbox, roomy)) {
            for (ByteBuffer target : List.of(ByteBuffer.allocate(6000), ByteBuffer.allocateDirect(6000))) {
                for (int cut = 0; cut <= length + 2; cut += Math.max(1, length / 7)) {
                    ByteBuf frame = frame(bytes(length));
                    from.add(frame.readRetainedSlice(cut));
                    from.add(frame);

                    int read = FrameReading.await(
                            from, FrameReading.whole(target.clear().position(3)), target);

                    assertThat(read).isEqualTo(length);
                    assertThat(target.position()).isEqualTo(3 + length);
                    assertThat(target.limit()).isEqualTo(6000);
                    assertThat(array(target.flip().position(3))).isEqualTo(bytes(length));
                }
            }
        }
        inbox.end();
        ByteBuffer target = ByteBuffer.allocate(1);
        assertThat(FrameReading.await(inbox, FrameReading.whole(target), target))
                .isEqualTo(-1);
    }

    @Test
    void aFrameThatDoesNotFitIntoTheBufferStays() throws Exception {
        ByteBuffer target = ByteBuffer.allocate(10).position(3);
        inbox.add(frame(bytes(8)));

        assertThatThrownBy(() -> FrameReading.await(inbox, FrameReading.whole(target), target))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("frame of 8 bytes does not fit into the 7 that the buffer has left");

        assertThat(target.position()).isEqualTo(3);
        assertThat(read()).isEqualTo(bytes(8));
        assertThat(broken).isNull();
    }

    @Test
    void nothingIsReadIntoABufferThatCannotBeWritten() throws Exception {
        ByteBuffer target = ByteBuffer.allocate(10).asReadOnlyBuffer();
        inbox.add(frame(bytes(8)));

        assertThatThrownBy(() -> FrameReading.await(inbox, FrameReading.whole(target), target))
                .isInstanceOf(ReadOnlyBufferException.class);

        assertThat(read()).isEqualTo(bytes(8));
    }

    @Test
    void readsKindsWhateverThePiecesThatTheyComeIn() throws Exception {
        Framing typed = Framing.typed(format);
        var typedInbox = new FrameInbox(typed, CAPACITY, feed);
        ByteBuf all = Unpooled.buffer();
        typed.writeHeader(all, 3, 0);
        typed.writeHeader(all, 200, 2);
        all.writeBytes(new byte[] {8, 9});
        for (int cut = 0; cut <= all.readableBytes(); cut++) {
            typedInbox.add(all.copy(0, cut));
            typedInbox.add(all.copy(cut, all.readableBytes() - cut));

            assertThat(typedInbox.await(new KindReading())).isEqualTo("3:[]");
            assertThat(typedInbox.await(new KindReading())).isEqualTo("200:[8, 9]");
        }
    }

    @Test
    void whatIsReadAfterTheFeedHasGoneNeedsNoRelease() throws Exception {
        ByteBuf early = frame(bytes(10));
        format.writeHeader(early, 20);
        early.writeBytes(bytes(20), 0, 5);
        ByteBuf late = PooledByteBufAllocator.DEFAULT.directBuffer().writeBytes(bytes(20), 5, 15);
        inbox.add(early);
        assertThat(read()).isEqualTo(bytes(10));

        inbox.detach();
        inbox.add(late);
        inbox.end();

        assertThat(early.refCnt()).isZero();
        assertThat(late.refCnt()).isZero();
        assertThat(read()).isEqualTo(bytes(20));
        assertThat(read()).isNull();
    }

    @Test
    void whoBringsTheBytesDoesNotWaitForThem() throws Exception {
        inbox.add(frame(bytes(3)));
        IncomingFrame frame = requireNonNull(inbox.await(FrameReading.inPieces(inbox)));

        ownThread = true;

        assertThatThrownBy(frame::read)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("would block " + Thread.currentThread().getName())
                .hasMessageContaining("use readAsync");
        assertThat(array(frame.readAsync().join())).isEqualTo(bytes(3));
    }

    @Test
    void oneResultThatCannotBeMadeDoesNotKeepTheOthers() throws Exception {
        var failing = inbox.submit(new FrameInbox.Reading<Boolean>() {
            @Override
            protected boolean step(FrameParser frames) throws IOException {
                return frames.header()
                        && frames.skip()
                        && finishLater(() -> {
                            throw new OutOfMemoryError("not really");
                        });
            }
        });
        var next = inbox.submit(FrameReading.whole());

        inbox.add(frame(bytes(1)));
        inbox.add(frame(bytes(2)));

        assertThat(failing).isCompletedExceptionally();
        assertThat(array(next.join())).isEqualTo(bytes(2));
    }

    @Test
    void anErrorReachesWhoWaits() {
        var failing = inbox.submit(new FrameInbox.Reading<Boolean>() {
            @Override
            protected boolean step(FrameParser frames) throws IOException {
                if (frames.header()) {
                    throw new OutOfMemoryError("not really");
                }
                return false;
            }
        });
        var next = inbox.submit(FrameReading.whole());

        inbox.add(frame(bytes(1)));

        assertThat(failing).isCompletedExceptionally();
        assertThat(next).isCompletedExceptionally();
        assertThat(broken).isInstanceOf(OutOfMemoryError.class);
    }

    @Test
    void aPeerThatPrintsIsTakenForOne() {
        var large = new FrameInbox(Framing.bare(FrameFormat.littleEndian(4)), CAPACITY, feed);
        large.add(Unpooled.copiedBuffer("Hello, world!\n", US_ASCII));

        assertThatThrownBy(() -> large.await(FrameReading.whole()))
                .isInstanceOf(FrameTooLargeException.class)
                .hasMessageEndingWith("check that both ends use 4-byte headers, and that nothing prints to the stream");

        var other = new FrameInbox(Framing.bare(FrameFormat.littleEndian(4)), CAPACITY, feed);
        other.add(Unpooled.wrappedBuffer(new byte[] {'H', 'e', 1, 'l', 'o'}));
        assertThatThrownBy(() -> other.await(FrameReading.whole())).hasMessageEndingWith("4-byte headers");
    }

    @Test
    void goesOnWhenTheRestOfTheFrameIsWhatIsMissing() throws Exception {
        ByteBuf first = frame(bytes(300));
        ByteBuf second = frame(bytes(CAPACITY));
        assertThat(inbox.add(first)).isTrue();
        assertThat(inbox.add(second.readRetainedSlice(CAPACITY - 200))).isFalse();
        assertThat(read()).isEqualTo(bytes(300));
        assertThat(resumed).hasValue(0);

        var later = inbox.submit(FrameReading.whole());

        assertThat(resumed).hasValue(1);
        inbox.add(second);
        assertThat(array(later.join())).isEqualTo(bytes(CAPACITY));
    }

    private static final class KindReading extends FrameInbox.Reading<String> {
        @Override
        protected boolean step(FrameParser frames) throws IOException {
            if (!frames.header()) {
                return false;
            }
            int kind = frames.kind();
            ByteBuffer payload = frames.whole();
            return payload != null && finish(kind + ":" + Arrays.toString(array(payload)));
        }
    }

    @Test
    void refusesAFrameWithoutAKind() {
        var typedInbox = new FrameInbox(Framing.typed(format), CAPACITY, feed);
        typedInbox.add(Unpooled.wrappedBuffer(new byte[] {0, 0, 1, 0}));

        assertThatThrownBy(() -> typedInbox.await(new KindReading())).hasMessageContaining("without a kind");

        assertThat(broken).isNotNull();
    }

    @Test
    void tellsAnEndFromAFrameCutShort() throws Exception {
        ByteBuf whole = frame(bytes(10));
        inbox.add(whole.copy());
        inbox.add(whole.copy(0, 6));
        inbox.end();

        assertThat(read()).hasSize(10);
        assertThatThrownBy(this::read).isInstanceOfSatisfying(TruncatedFrameException.class, cut -> {
            assertThat(cut.expected()).isEqualTo(10);
            assertThat(cut.received()).isEqualTo(4);
        });
        whole.release();
    }

    @Test
    void tellsAnEndFromAHeaderCutShort() {
        inbox.add(Unpooled.wrappedBuffer(new byte[] {1}));
        inbox.end();

        assertThatThrownBy(this::read).isInstanceOfSatisfying(TruncatedFrameException.class, cut -> {
            assertThat(cut.expected()).isEqualTo(2);
            assertThat(cut.received()).isEqualTo(1);
        });
    }

    @Test
    void saysAgainThatTheStreamHasEnded() throws Exception {
        inbox.end();

        assertThat(read()).isNull();
        assertThat(read()).isNull();
        assertThat(inbox.submit(FrameReading.inPieces(inbox)).get()).isNull();
    }

    @Test
    void deliversWhatArrivedBeforeAFailure() throws Exception {
        inbox.add(frame(bytes(3)));
        inbox.fail(new SocketException("Connection reset"));

        assertThat(read()).hasSize(3);
        assertThatThrownBy(this::read).hasMessage("Connection reset");
    }

    @Test
    void refusesALengthBeyondTheLimitBeforeItsBytesCome() {
        ByteBuf header = Unpooled.buffer().writeShortLE(5001);
        inbox.add(header);

        assertThatThrownBy(this::read).isInstanceOf(FrameTooLargeException.class);

        assertThat(broken).isInstanceOf(FrameTooLargeException.class);
        ByteBuf more = frame(bytes(1));
        assertThat(inbox.add(more)).isTrue();
        assertThat(more.refCnt()).isZero();
        assertThatThrownBy(this::read).isInstanceOf(FrameTooLargeException.class);
    }

    @Test
    void stopsTheFeedAtItsCapacityAndLetsItGoOnAtHalf() throws Exception {
        assertThat(inbox.add(frame(bytes(490)))).isTrue();
        assertThat(inbox.add(frame(bytes(490)))).isTrue();
        assertThat(inbox.add(frame(bytes(490)))).isFalse();

        read();
        assertThat(resumed).hasValue(0);
        read();

        assertThat(resumed).hasValue(1);
    }

    @Test
    void letsTheFeedGoOnForAFrameLargerThanItsCapacity() throws Exception {
        byte[] payload = bytes(4000);
        ByteBuf frame = frame(payload);
        assertThat(inbox.add(frame.copy(0, 1500))).isFalse();

        var read = inbox.submit(FrameReading.whole());

        assertThat(resumed).hasValue(1);
        assertThat(inbox.add(frame.copy(1500, 2502))).isTrue();
        assertThat(array(read.get())).isEqualTo(payload);
        frame.release();
    }

    @Test
    void letsTheFeedGoOnBeforeABlockingReaderWaits() throws Exception {
        byte[] payload = bytes(4000);
        ByteBuf frame = frame(payload);
        inbox.add(frame.copy(0, 1500));
        var read = new CompletableFuture<byte[]>();
        var reader = new Thread(() -> {
            try {
                read.complete(requireNonNull(read()));
            } catch (Exception e) {
                read.completeExceptionally(e);
            }
        });
        reader.start();

        Eventually.until("the feed goes on", () -> resumed.get() == 1);
        inbox.add(frame.copy(1500, 2502));

        assertThat(read.get()).isEqualTo(payload);
        reader.join();
        frame.release();
    }

    @Test
    void servesReadersInTheOrderInWhichTheyCame() throws Exception {
        var first = inbox.submit(FrameReading.whole());
        var second = inbox.submit(FrameReading.whole());
        var third = inbox.submit(FrameReading.whole());
        second.cancel(false);

        inbox.add(frame(new byte[] {1}));
        inbox.add(frame(new byte[] {2}));

        assertThat(array(first.get())).containsExactly(1);
        assertThat(array(third.get())).containsExactly(2);
    }

    @Test
    void whoCompletesAReadingFromOutsideGivesUpItsPlace() throws Exception {
        var timedOut = inbox.submit(FrameReading.whole());
        var replaced = inbox.submit(FrameReading.whole());
        var next = inbox.submit(FrameReading.whole());
        timedOut.completeExceptionally(new TimeoutException());
        replaced.complete(ByteBuffer.allocate(0));

        inbox.add(frame(new byte[] {1}));

        assertThat(array(next.get())).containsExactly(1);
    }

    @Test
    void afterAnInterruptTheNextReaderIsServed() throws Exception {
        var interrupted = new CompletableFuture<Void>();
        var reader = new Thread(() -> {
            try {
                inbox.await(new Never());
            } catch (Exception e) {
                interrupted.completeExceptionally(e);
            }
        });
        reader.start();
        Eventually.until("the reader waits", () -> reader.getState() == Thread.State.WAITING);
        inbox.add(frame(new byte[] {1}));
        var next = inbox.submit(FrameReading.whole());
        assertThat(next).isNotDone();

        reader.interrupt();
        reader.join();

        assertThat(interrupted).isCompletedExceptionally();
        assertThat(next).isCompleted();
    }

    private static final class Never extends FrameInbox.Reading<Boolean> {
        @Override
        protected boolean step(FrameParser frames) {
            return false;
        }
    }

    @Test
    void keepsWhatACancelledReaderHadGathered() throws Exception {
        byte[] payload = bytes(400);
        ByteBuf frame = frame(payload);
        inbox.add(frame.copy(0, 200));
        inbox.submit(FrameReading.whole()).cancel(false);

        inbox.add(frame.copy(200, 202));

        assertThat(read()).isEqualTo(payload);
        frame.release();
    }

    @Test
    void slicesBeginWithWhatACancelledReaderHadGathered() throws Exception {
        byte[] payload = bytes(400);
        ByteBuf frame = frame(payload);
        inbox.add(frame.copy(0, 200));
        inbox.submit(FrameReading.whole()).cancel(false);
        inbox.add(frame.copy(200, 202));
        inbox.add(frame(bytes(3)));

        assertThat(inbox.await(new SliceReading())).isEqualTo(payload);
        assertThat(read()).isEqualTo(bytes(3));
        frame.release();
    }

    private static final class SliceReading extends FrameInbox.Reading<byte[]> {
        @Override
        protected boolean step(FrameParser frames) throws IOException {
            frames.header();
            var all = new ByteArrayOutputStream();
            while (frames.remaining() > 0) {
                ByteBuf slice = requireNonNull(frames.slice(50));
                slice.readBytes(all, slice.readableBytes());
                slice.release();
            }
            frames.endFrame();
            return finish(all.toByteArray());
        }
    }

    /** As the messages of a WebSocket are parts of what was read from the socket, with much between them. */
    @Test
    void fewBytesOfLargeBuffersDoNotKeepThem() {
        var alloc = new UnpooledByteBufAllocator(true);
        for (int i = 0; i < 500; i++) {
            ByteBuf large = alloc.directBuffer(64 << 10).writeZero(64 << 10);
            inbox.add(large.readRetainedSlice(1));
            large.release();
        }

        assertThat(inbox.bufferedBytes()).isEqualTo(500);
        assertThat(alloc.metric().usedDirectMemory()).isLessThan(16 << 10);
        inbox.close(new IOException("enough"));
        assertThat(alloc.metric().usedDirectMemory()).isZero();
    }

    @Test
    void aSmallSliceDoesNotKeepALargeBuffer() throws Exception {
        ByteBuf large = Unpooled.directBuffer(64 << 10);
        format.writeHeader(large, 50);
        inbox.add(large.writeZero(50));
        ByteBuf[] slice = {Unpooled.EMPTY_BUFFER};

        inbox.await(new FrameInbox.Reading<Boolean>() {
            @Override
            protected boolean step(FrameParser frames) throws IOException {
                frames.header();
                slice[0] = requireNonNull(frames.slice(50));
                frames.endFrame();
                return finish(true);
            }
        });
        inbox.close(new IOException("enough"));

        assertThat(large.refCnt()).isZero();
        assertThat(slice[0].readableBytes()).isEqualTo(50);
        slice[0].release();
    }

    @Test
    void losesNothingWhenAReaderIsInterrupted() throws Exception {
        byte[] payload = bytes(400);
        ByteBuf frame = frame(payload);
        inbox.add(frame.copy(0, 200));
        Thread.currentThread().interrupt();
        assertThatThrownBy(this::read).isInstanceOf(InterruptedException.class);

        inbox.add(frame.copy(200, 202));

        assertThat(read()).isEqualTo(payload);
        frame.release();
    }

    @Test
    void givesASmallFrameInOnePieceAndALongOneAsItComes() throws Exception {
        var wide = FrameFormat.littleEndian(4).maxBytes(Long.MAX_VALUE);
        var large = new FrameInbox(Framing.bare(wide), 8 << 20, feed);
        byte[] payload = bytes(3_000_000);
        ByteBuf bytes = Unpooled.buffer();
        wide.writeHeader(bytes, 1);
        bytes.writeByte(42);
        wide.writeHeader(bytes, payload.length);
        bytes.writeBytes(payload);
        wide.writeHeader(bytes, 0);
        large.add(bytes);

        try (IncomingFrame small = large.await(FrameReading.inPieces(large))) {
            assertThat(small.length()).isEqualTo(1);
            assertThat(array(small.read())).containsExactly(42);
            assertThat(small.read()).isNull();
        }
        var together = new ByteArrayOutputStream();
        try (IncomingFrame frame = large.await(FrameReading.inPieces(large))) {
            for (ByteBuffer piece = frame.read();
                    piece != null;
                    piece = frame.readAsync().get()) {
                assertThat(piece.remaining()).isBetween(1, 1 << 20);
                together.writeBytes(requireNonNull(array(piece)));
                assertThat(frame.remaining()).isEqualTo(payload.length - together.size());
            }
        }
        assertThat(together.toByteArray()).isEqualTo(payload);
        try (IncomingFrame empty = large.await(FrameReading.inPieces(large))) {
            assertThat(empty.length()).isZero();
            assertThat(empty.read()).isNull();
        }
    }

    @Test
    void skipsWhatWasNotReadOfAFrame() throws Exception {
        byte[] payload = bytes(900);
        ByteBuf frame = frame(payload);
        inbox.add(frame.copy(0, 500));
        IncomingFrame skipped = inbox.await(FrameReading.inPieces(inbox));
        assertThatThrownBy(this::read).isInstanceOf(IllegalStateException.class).hasMessageContaining("pieces");

        skipped.close();
        var next = inbox.submit(FrameReading.whole());
        inbox.add(frame.copy(500, 402));
        inbox.add(frame(new byte[] {7}));

        assertThat(array(next.get())).containsExactly(7);
        frame.release();
    }

    @Test
    void givesInPiecesWhatACancelledReaderHadGathered() throws Exception {
        var wide = FrameFormat.littleEndian(4).maxBytes(1 << 30);
        var large = new FrameInbox(Framing.bare(wide), 8 << 20, feed);
        byte[] payload = bytes(2_500_000);
        ByteBuf bytes = Unpooled.buffer();
        wide.writeHeader(bytes, payload.length);
        bytes.writeBytes(payload);
        large.add(bytes.copy(0, 2_000_000));
        large.submit(FrameReading.whole()).cancel(false);
        large.add(bytes.copy(2_000_000, bytes.readableBytes() - 2_000_000));

        var together = new ByteArrayOutputStream();
        try (IncomingFrame frame = large.await(FrameReading.inPieces(large))) {
            for (ByteBuffer piece = frame.read(); piece != null; piece = frame.read()) {
                together.writeBytes(requireNonNull(array(piece)));
            }
        }

        assertThat(together.toByteArray()).isEqualTo(payload);
    }

    @Test
    void failsReadersWhenItIsClosed() {
        var pending = inbox.submit(FrameReading.whole());
        inbox.add(Unpooled.wrappedBuffer(new byte[] {9}));

        inbox.close(new IOException("pipe is closed"));
        inbox.close(new IOException("pipe is closed"));

        assertThatThrownBy(pending::get).isInstanceOf(ExecutionException.class).hasMessageContaining("pipe is closed");
        assertThatThrownBy(this::read).hasMessage("pipe is closed");
        ByteBuf late = frame(bytes(1));
        inbox.add(late);
        assertThat(late.refCnt()).isZero();
    }

    @Test
    void doesNotBelieveALengthBeforeItsBytesCome() throws Exception {
        var wide = FrameFormat.littleEndian(4).maxBytes(Integer.MAX_VALUE);
        var many = new FrameInbox[2000];
        for (int i = 0; i < many.length; i++) {
            many[i] = new FrameInbox(Framing.bare(wide), CAPACITY, feed);
            var unused = many[i].submit(FrameReading.whole());
            many[i].add(Unpooled.buffer().writeIntLE(Integer.MAX_VALUE - 100));
        }

        assertThat(many[0].bufferedBytes()).isZero();
        for (FrameInbox one : many) {
            one.close(new IOException("closed"));
        }
    }

    @Test
    void gathersDribblesInOneBuffer() {
        ByteBuf first = PooledByteBufAllocator.DEFAULT.directBuffer(1024).writeShortLE(500);
        inbox.add(first);
        ByteBuf[] dribbles = new ByteBuf[100];
        for (int i = 0; i < dribbles.length; i++) {
            dribbles[i] = PooledByteBufAllocator.DEFAULT.directBuffer(64).writeByte(i);
            inbox.add(dribbles[i]);
        }

        assertThat(dribbles).allMatch(dribble -> dribble.refCnt() == 0);
        assertThat(inbox.bufferedBytes()).isEqualTo(102);
        inbox.close(new IOException("closed"));
        assertThat(first.refCnt()).isZero();
    }

    @Test
    void aReadThatFilledLittleOfItsBufferDoesNotKeepIt() throws Exception {
        ByteBuf first = PooledByteBufAllocator.DEFAULT.directBuffer(64 << 10);
        ByteBuf second = PooledByteBufAllocator.DEFAULT.directBuffer(64 << 10);
        byte[] payload = bytes(5000);
        format.writeHeader(first, 5000);

        inbox.add(first.writeBytes(payload, 0, 2500));
        inbox.add(second.writeBytes(payload, 2500, 2500));

        assertThat(second.refCnt()).isZero();
        assertThat(read()).isEqualTo(payload);
        assertThat(first.refCnt()).isZero();
    }

    /** A reading that takes bytes only while it may, as one whose consumer is behind. */
    private static final class Hesitant extends FrameInbox.Reading<Integer> {
        private volatile boolean may;

        @Override
        protected boolean step(FrameParser frames) throws IOException {
            if (!may || !frames.header()) {
                return false;
            }
            for (ByteBuf slice = frames.slice(5000); slice != null; slice = frames.slice(5000)) {
                slice.release();
            }
            if (frames.remaining() > 0) {
                return false;
            }
            frames.endFrame();
            return finish(1);
        }
    }

    @Test
    void readingThatHadStoppedLetsTheFeedGoOn() throws Exception {
        var hesitant = new Hesitant();
        CompletableFuture<Integer> read = inbox.submit(hesitant);
        ByteBuf frame = frame(bytes(5000));
        assertThat(inbox.add(frame.readRetainedSlice(1500))).isFalse();
        hesitant.may = true;

        inbox.advance();

        assertThat(resumed).hasValue(1);
        inbox.add(frame);
        assertThat(read).isCompleted();
    }

    @Test
    void readingThatGoesOnWhenMoreComesLetsTheFeedGoOn() throws Exception {
        var hesitant = new Hesitant();
        CompletableFuture<Integer> read = inbox.submit(hesitant);
        ByteBuf frame = frame(bytes(5000));
        assertThat(inbox.add(frame.readRetainedSlice(1500))).isFalse();
        hesitant.may = true;

        // of the same read as before, so the feed had no chance to stop
        assertThat(inbox.add(frame.readRetainedSlice(10))).isTrue();

        assertThat(resumed).hasValue(1);
        inbox.add(frame);
        assertThat(read).isCompleted();
    }
}
