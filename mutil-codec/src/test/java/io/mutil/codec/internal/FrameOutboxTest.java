package io.mutil.codec.internal;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mutil.codec.FrameFormat;
import io.mutil.codec.OutgoingFrame;
import io.mutil.codec.QueueFullException;
import io.mutil.testkit.Eventually;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class FrameOutboxTest {
    private static final int DATA = Framing.DATA;

    private final AtomicInteger woken = new AtomicInteger();
    private volatile @Nullable Throwable broken;
    private boolean ownThread;
    private final FrameOutbox.Drain drain = new FrameOutbox.Drain() {
        @Override
        public boolean isOwnThread() {
            return ownThread;
        }

        @Override
        public void wake() {
            woken.incrementAndGet();
        }

        @Override
        public void broken(Throwable why) {
            broken = why;
        }
    };
    private final Framing framing = Framing.bare(FrameFormat.littleEndian(2).maxBytes(60_000));
    private final FrameOutbox outbox = new FrameOutbox(framing, PooledByteBufAllocator.DEFAULT, 1000, drain);

    private static ByteBuffer payload(int length) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) length);
        return ByteBuffer.wrap(bytes);
    }

    /** Takes everything that there is now. */
    private byte[] drain() {
        var all = new ByteArrayOutputStream();
        for (Piece piece = outbox.take(); piece != null; piece = outbox.take()) {
            all.writeBytes(bytes(piece));
            piece.left();
        }
        return all.toByteArray();
    }

    private Piece take() {
        return requireNonNull(outbox.take());
    }

    private static byte[] bytes(Piece piece) {
        ByteBuf message = (ByteBuf) piece.message();
        byte[] bytes = new byte[message.readableBytes()];
        message.readBytes(bytes).release();
        assertThat(bytes).hasSize((int) piece.bytes());
        return bytes;
    }

    @Test
    void packsWhatIsWrittenWhileTheDrainIsBusy() throws Exception {
        ByteBuffer one = payload(1);
        outbox.write(DATA, one);
        outbox.write(DATA, payload(0));
        outbox.write(DATA, payload(2));

        Piece piece = take();

        assertThat(bytes(piece)).containsExactly(1, 0, 1, 0, 0, 2, 0, 2, 2);
        piece.left();
        assertThat(outbox.take()).isNull();
        assertThat(one.remaining()).isEqualTo(1);
        assertThat(outbox.frames()).isEqualTo(3);
        assertThat(outbox.bytes()).isEqualTo(9);
        assertThat(woken).hasValue(1);
    }

    @Test
    void wakesTheDrainOnlyAfterItFoundNothing() throws Exception {
        outbox.write(DATA, payload(1));
        outbox.write(DATA, payload(1));
        bytes(take());
        outbox.write(DATA, payload(1));
        assertThat(woken).hasValue(1);

        drain();
        outbox.write(DATA, payload(1));

        assertThat(woken).hasValue(2);
        drain();
    }

    @Test
    void whoAddsAPieceWithHisFutureHearsOfItsFailureFirst() throws Exception {
        var brokenBefore = new CompletableFuture<Boolean>();
        var sent = new CompletableFuture<Void>();
        var unused = sent.whenComplete((v, e) -> brokenBefore.complete(broken != null));
        Turn turn = outbox.turn();
        turn.add(Unpooled.wrappedBuffer(new byte[1]), 1, 1, sent);
        Piece piece = take();
        bytes(piece);

        piece.failed(new IOException("Broken pipe"));

        assertThat(brokenBefore).isCompletedWithValue(false);
        assertThat(broken).hasMessage("Broken pipe");
        var late = new CompletableFuture<Void>();
        turn.add(Unpooled.wrappedBuffer(new byte[1]), 1, 1, late);
        assertThatThrownBy(late::get).hasCauseInstanceOf(IOException.class);
    }

    @Test
    void endsTheStreamWhenAPieceCannotLeave() throws Exception {
        var sent = outbox.writeAsync(DATA, payload(1));
        Piece piece = take();
        var behind = outbox.writeAsync(DATA, payload(1));
        bytes(piece);

        piece.failed(new IOException("Broken pipe"));

        assertThat(sent).isCompletedExceptionally();
        assertThat(behind).isCompletedExceptionally();
        assertThat(broken).hasMessage("Broken pipe");
    }

    @Test
    void completesAWriteWhenItsBytesHaveLeft() {
        var first = outbox.writeAsync(DATA, payload(1));
        Piece piece = take();
        var second = outbox.writeAsync(DATA, payload(1));
        assertThat(first).isNotDone();

        bytes(piece);
        piece.left();

        assertThat(first).isCompleted();
        assertThat(second).isNotDone();
        drain();
        assertThat(second).isCompleted();
    }

    @Test
    void refusesWhatDoesNotFit() {
        assertThat(outbox.writeAsync(DATA, payload(900))).isNotDone();

        assertThat(outbox.writeAsync(DATA, payload(97)))
                .failsWithin(java.time.Duration.ZERO)
                .withThrowableThat()
                .withCauseInstanceOf(QueueFullException.class);

        assertThat(outbox.writeAsync(DATA, payload(96))).isNotDone();
        assertThat(outbox.queuedBytes()).isEqualTo(1000);
        drain();
        assertThat(outbox.queuedBytes()).isZero();
    }

    @Test
    void admitsAFrameLargerThanTheBoundWhenNothingIsQueued() {
        assertThat(outbox.writeAsync(DATA, payload(5000))).isNotDone();
        assertThat(outbox.writeAsync(DATA, payload(1))).isCompletedExceptionally();

        assertThat(drain()).hasSize(5002);
    }

    @Test
    void doesNotCopyALongPayloadOfAnAsynchronousWrite() {
        ByteBuffer direct = ByteBuffer.allocateDirect(20_000);
        var sent = outbox.writeAsync(DATA, direct);

        direct.put(0, (byte) 77);

        assertThat(drain()[2]).isEqualTo((byte) 77);
        assertThat(sent).isCompleted();
        assertThat(direct.remaining()).isEqualTo(20_000);
    }

    @Test
    void blocksAWriterUntilThereIsRoom() throws Exception {
        outbox.write(DATA, payload(900));
        var written = new CompletableFuture<Void>();
        var writer = new Thread(() -> {
            try {
                outbox.write(DATA, payload(500));
                written.complete(null);
            } catch (Exception e) {
                written.completeExceptionally(e);
            }
        });
        writer.start();
        Eventually.until("the writer waits", () -> writer.getState() == Thread.State.WAITING);
        assertThat(written).isNotDone();

        Piece first = take();
        assertThat(bytes(first)).hasSize(902);
        first.left();

        written.get();
        assertThat(drain()).hasSize(502);
        writer.join();
    }

    @Test
    void smallFramesQueueBehindAWriterThatNeedsMuchRoom() throws Exception {
        outbox.write(DATA, payload(900));
        Thread large = writer(2_000);
        Thread small = writer(5);

        drainOne(902);
        large.join();
        drainOne(2_002);
        small.join();

        assertThat(drain()).hasSize(7);
    }

    @Test
    void goesOnWhenAWriterThatNeedsMuchRoomGivesUp() throws Exception {
        outbox.write(DATA, payload(900));
        Thread large = writer(2_000);
        Thread small = writer(5);

        large.interrupt();
        large.join();
        drainOne(902);
        small.join();

        assertThat(drain()).hasSize(7);
    }

    private Thread writer(int length) {
        var writer = new Thread(() -> {
            try {
                outbox.write(DATA, payload(length));
            } catch (IOException | InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        writer.start();
        Eventually.until("the writer waits", () -> writer.getState() == Thread.State.WAITING);
        return writer;
    }

    private void drainOne(int length) {
        Piece piece = take();
        assertThat(bytes(piece)).hasSize(length);
        piece.left();
    }

    @Test
    void interruptsAWriterThatWaitsForRoom() throws Exception {
        outbox.write(DATA, payload(900));
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> outbox.write(DATA, payload(500))).isInstanceOf(InterruptedException.class);

        assertThat(drain()).hasSize(902);
    }

    @Test
    void triesOnlyWhenNothingWaits() throws Exception {
        assertThat(outbox.tryWrite(DATA, payload(1))).isTrue();
        assertThat(outbox.tryWrite(DATA, payload(1))).isFalse();
        Piece piece = take();
        assertThat(outbox.tryWrite(DATA, payload(1))).isFalse();

        bytes(piece);
        piece.left();

        assertThat(outbox.tryWrite(DATA, payload(1))).isTrue();
        drain();
    }

    @Test
    void refusesAPayloadThatNoFrameHolds() {
        assertThatThrownBy(() -> outbox.write(DATA, payload(60_001))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> outbox.writeAsync(DATA, payload(60_001))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> outbox.tryWrite(DATA, payload(60_001))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> outbox.open(DATA, 60_001)).isInstanceOf(IllegalArgumentException.class);
        assertThat(outbox.take()).isNull();
    }

    @Test
    void sharesAnEncodedFrameByReference() {
        ByteBuf shared = PooledByteBufAllocator.DEFAULT.directBuffer(4096).writeZero(4000);
        ByteBuf small = PooledByteBufAllocator.DEFAULT.directBuffer(4).writeZero(4);
        assertThat(outbox.offerEncoded(small)).isTrue();
        drain();
        assertThat(outbox.offerEncoded(shared)).isTrue();

        assertThat(shared.refCnt()).isEqualTo(2);
        assertThat(outbox.offerEncoded(small)).isFalse();
        Piece piece = take();
        assertThat(((ByteBuf) piece.message()).maxWritableBytes())
                .as("room for what is not of this frame")
                .isZero();
        assertThat(bytes(piece)).hasSize(4000);
        piece.left();
        assertThat(shared.refCnt()).isEqualTo(1);
        shared.release();
        small.release();
    }

    @Test
    void keepsLaterFramesBehindAnOpenOne() throws Exception {
        outbox.write(DATA, payload(1));
        OutgoingFrame frame = outbox.open(DATA, 4);
        var behind = outbox.writeAsync(DATA, payload(2));
        frame.write(ByteBuffer.wrap(new byte[] {9, 9}));

        assertThat(drain()).containsExactly(1, 0, 1, 4, 0, 9, 9);
        assertThat(behind).isNotDone();
        var drained = outbox.drainAsync();
        frame.write(ByteBuffer.wrap(new byte[] {8, 8}));
        frame.close();

        assertThat(drain()).containsExactly(8, 8, 2, 0, 2, 2);
        assertThat(behind).isCompleted();
        assertThat(drained).isCompleted();
        assertThat(outbox.frames()).isEqualTo(3);
    }

    @Test
    void whatIsLeftOfAFrameInPiecesIsBoundedLikeOthers() throws Exception {
        for (int i = 0; i < 10; i++) {
            writeInPieces(100);
        }
        assertThat(outbox.writeAsync(DATA, payload(100))).isCompletedExceptionally();

        var writer = new Thread(() -> {
            try {
                writeInPieces(100);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        writer.start();
        Eventually.until("the writer waits", () -> writer.getState() == Thread.State.WAITING);

        assertThat(outbox.queuedBytes()).isEqualTo(10 * 102);
        int before = drain().length;
        writer.join();
        assertThat(before + drain().length).isEqualTo(11 * 102);
    }

    private void writeInPieces(int length) throws IOException, InterruptedException {
        try (OutgoingFrame frame = outbox.open(DATA, length)) {
            frame.write(payload(length));
        }
    }

    @Test
    void aFrameThatIsNotBegunForWantOfRoomLeavesNothing() throws Exception {
        outbox.write(DATA, payload(2_000));
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> outbox.open(DATA, 1)).isInstanceOf(InterruptedException.class);

        assertThat(drain()).hasSize(2_002);
        writeInPieces(3);
        assertThat(drain()).containsExactly(3, 0, 3, 3, 3);
    }

    @Test
    void whoDoesNotWaitLeavesRoomToThoseWhoDo() throws Exception {
        outbox.write(DATA, payload(900));
        Thread small = writer(200);
        Piece first = take();
        assertThat(outbox.writeAsync(DATA, payload(50))).isCompletedExceptionally();
        bytes(first);
        first.left();
        small.join();
        assertThat(drain()).hasSize(202);

        outbox.write(DATA, payload(900));
        Thread large = writer(2_000);
        assertThat(outbox.writeAsync(DATA, payload(1))).isCompletedExceptionally();
        int before = drain().length;
        large.join();
        assertThat(before + drain().length).isEqualTo(902 + 2_002);
        assertThat(outbox.writeAsync(DATA, payload(1))).isNotCompletedExceptionally();
        assertThat(drain()).hasSize(3);
    }

    @Test
    void whoTakesTheBytesDoesNotWaitForRoom() throws Exception {
        OutgoingFrame frame = outbox.open(DATA, 1);

        ownThread = true;

        assertThatThrownBy(() -> frame.write(payload(1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("would block " + Thread.currentThread().getName());
        assertThatThrownBy(() -> outbox.open(DATA, 1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("use writeAsync");
        ownThread = false;
        frame.write(payload(1));
        frame.close();
        assertThat(drain()).containsExactly(1, 0, 1);
    }

    @Test
    void wakesTheDrainForWhatWasBehindAnOpenFrame() throws Exception {
        OutgoingFrame frame = outbox.open(DATA, 0);
        drain();
        outbox.write(DATA, payload(1));
        drain();
        woken.set(0);

        frame.close();

        assertThat(woken).hasValue(1);
        assertThat(drain()).containsExactly(1, 0, 1);
    }

    @Test
    void closesTheStreamWhenAnOpenFrameLacksBytes() throws Exception {
        OutgoingFrame frame = outbox.open(DATA, 4);
        frame.write(ByteBuffer.wrap(new byte[3]));
        var behind = outbox.writeAsync(DATA, payload(2));

        assertThatThrownBy(frame::close).isInstanceOf(IOException.class).hasMessageContaining("lacked 1");

        frame.close();
        assertThat(broken).isInstanceOf(IOException.class);
        assertThat(behind).isCompletedExceptionally();
        assertThatThrownBy(() -> outbox.write(DATA, payload(1))).hasMessageContaining("lacked 1");
    }

    @Test
    void refusesMoreBytesThanAFrameLacks() throws Exception {
        OutgoingFrame frame = outbox.open(DATA, 4);

        assertThatThrownBy(() -> frame.write(ByteBuffer.allocate(5))).isInstanceOf(IllegalArgumentException.class);

        assertThat(frame.remaining()).isEqualTo(4);
        frame.write(ByteBuffer.allocate(4));
        frame.close();
        assertThat(drain()).hasSize(6);
    }

    @Test
    void drainsAtOnceWhenNothingIsQueued() throws Exception {
        assertThat(outbox.drainAsync()).isCompleted();
        outbox.open(DATA, 0).close();
        var drained = outbox.drainAsync();

        drain();

        assertThat(drained).isCompleted();
    }

    @Test
    void drainsNoMoreThanWasWrittenBefore() throws Exception {
        outbox.write(DATA, payload(1));
        Piece first = take();
        outbox.write(DATA, payload(2));
        var drained = outbox.drainAsync();
        Piece second = take();
        outbox.write(DATA, payload(3));
        bytes(first);
        first.left();
        assertThat(drained).isNotDone();

        bytes(second);
        second.left();

        assertThat(drained).isCompleted();
        drain();
    }

    @Test
    void drainsWhatIsBeingWritten() throws Exception {
        outbox.write(DATA, payload(1));
        Piece piece = take();
        var drained = outbox.drainAsync();
        outbox.write(DATA, payload(2));
        assertThat(drained).isNotDone();

        bytes(piece);
        piece.left();

        assertThat(drained).isCompleted();
        drain();
    }

    @Test
    void tellsOfWhatHasLeftInTheOrderOfTheWrites() throws Exception {
        outbox.write(DATA, payload(1));
        Piece first = take();
        var sent = outbox.writeAsync(DATA, payload(2));
        Piece second = take();
        bytes(first);
        bytes(second);

        second.left();
        var drained = outbox.drainAsync();
        assertThat(sent).isNotDone();
        assertThat(drained).isNotDone();
        first.left();

        assertThat(sent).isCompleted();
        assertThat(drained).isCompleted();
    }

    @Test
    void drainsATurnToItsEnd() throws Exception {
        outbox.write(DATA, payload(1));
        Turn empty = outbox.turn();
        var beforeIt = outbox.drainAsync();
        Turn turn = outbox.turn();
        var drained = outbox.drainAsync();
        empty.close();
        assertThat(beforeIt).isNotDone();
        turn.add(Unpooled.wrappedBuffer(new byte[1]), 1, 1, null);

        assertThat(drain()).hasSize(4);
        assertThat(beforeIt).isCompleted();
        assertThat(drained).isNotDone();
        turn.close();

        assertThat(drained).isCompleted();
    }

    @Test
    void aDrainFailsAfterFramesWereLost() throws Exception {
        outbox.write(DATA, payload(1));
        Piece piece = take();
        bytes(piece);
        piece.failed(new IOException("Broken pipe"));

        assertThatThrownBy(() -> outbox.drainAsync().get()).hasMessageContaining("Broken pipe");
        assertThatThrownBy(() -> outbox.drainAsync().get()).hasMessageContaining("Broken pipe");
    }

    @Test
    void aDrainSucceedsAfterACloseThatLostNothing() throws Exception {
        outbox.write(DATA, payload(1));
        drain();

        outbox.close(new IOException("stream is closed"));

        assertThat(outbox.drainAsync()).isCompleted();
        assertThat(outbox.lostBytes()).isZero();
    }

    @Test
    void theEndOfAFrameTellsThatBytesOfItWereLost() throws Exception {
        OutgoingFrame frame = outbox.open(DATA, 4);
        frame.write(ByteBuffer.wrap(new byte[4]));
        outbox.close(new IOException("Broken pipe"));

        assertThatThrownBy(frame::close).hasMessage("Broken pipe");

        frame.close();
    }

    @Test
    void aFrameThatHasLeftEndsInOrderWhateverComesThen() throws Exception {
        OutgoingFrame frame = outbox.open(DATA, 4);
        frame.write(ByteBuffer.wrap(new byte[4]));
        drain();
        outbox.close(new IOException("Broken pipe"));

        frame.close();

        assertThat(frame.isOpen()).isFalse();
    }

    @Test
    void aWriteInsideOfAFrameTellsOfABreakOnce() throws Exception {
        OutgoingFrame frame = outbox.open(DATA, 4);
        outbox.close(new IOException("Broken pipe"));

        assertThatThrownBy(() -> {
                    try (frame) {
                        frame.write(ByteBuffer.wrap(new byte[4]));
                    }
                })
                .hasMessage("Broken pipe")
                .hasNoSuppressedExceptions();
    }

    @Test
    void refusesWhatComesAfterTheLastAndLetsTheRestLeave() throws Exception {
        outbox.write(DATA, payload(1));
        OutgoingFrame frame = outbox.open(DATA, 2);
        var finished = outbox.finish(
                new IOException("stream is being closed"), Unpooled.buffer().writeByte(99));

        assertThatThrownBy(() -> outbox.write(DATA, payload(1))).hasMessage("stream is being closed");
        assertThat(outbox.writeAsync(DATA, payload(1))).isCompletedExceptionally();
        assertThat(outbox.tryWrite(DATA, payload(1))).isFalse();
        assertThatThrownBy(outbox::turn).hasMessage("stream is being closed");
        var drained = outbox.drainAsync();
        frame.write(ByteBuffer.wrap(new byte[] {7, 7}));
        frame.close();

        assertThat(finished).isNotDone();
        assertThat(drain()).containsExactly(1, 0, 1, 2, 0, 7, 7, 99);
        assertThat(finished).isCompleted();
        assertThat(drained).isCompleted();
    }

    @Test
    void refusesAWriterThatWaitsWhenNothingNewIsTaken() throws Exception {
        outbox.write(DATA, payload(900));
        var refused = new CompletableFuture<Void>();
        var writer = new Thread(() -> {
            try {
                outbox.write(DATA, payload(900));
                refused.complete(null);
            } catch (Exception e) {
                refused.completeExceptionally(e);
            }
        });
        writer.start();
        Eventually.until("the writer waits", () -> writer.getState() == Thread.State.WAITING);

        var finished = outbox.finish(new IOException("stream is being closed"), null);

        writer.join();
        assertThatThrownBy(refused::get).hasMessageContaining("stream is being closed");
        assertThat(drain()).hasSize(902);
        assertThat(finished).isCompleted();
    }

    @Test
    void theLastTellsOfWhatWasLostUnlessACallHas() throws Exception {
        var quiet = new FrameOutbox(framing, PooledByteBufAllocator.DEFAULT, 1000, drain);
        quiet.write(DATA, payload(1));
        quiet.close(new IOException("Broken pipe"));
        assertThatThrownBy(() -> quiet.finish(new IOException("over"), null).get())
                .hasMessageContaining("Broken pipe");

        outbox.write(DATA, payload(1));
        outbox.close(new IOException("Broken pipe"));
        assertThatThrownBy(() -> outbox.write(DATA, payload(1))).hasMessage("Broken pipe");
        assertThat(outbox.finish(new IOException("over"), null)).isCompleted();
    }

    @Test
    void theLastNeedNotTellOfWhatAFutureTells() {
        assertThat(outbox.writeAsync(DATA, payload(1))).isNotDone();
        outbox.close(new IOException("Broken pipe"));
        ByteBuf last = Unpooled.buffer().writeByte(99);

        assertThat(outbox.finish(new IOException("over"), last)).isCompleted();

        assertThat(last.refCnt()).isZero();
        assertThat(outbox.lostBytes()).isEqualTo(3);
    }

    @Test
    void failsEverythingWhenItIsClosed() throws Exception {
        var sent = outbox.writeAsync(DATA, payload(900));
        var drained = outbox.drainAsync();
        var blocked = new CompletableFuture<Void>();
        var writer = new Thread(() -> {
            try {
                outbox.write(DATA, payload(900));
                blocked.complete(null);
            } catch (Exception e) {
                blocked.completeExceptionally(e);
            }
        });
        writer.start();
        Eventually.until("the writer waits", () -> writer.getState() == Thread.State.WAITING);

        outbox.close(new IOException("stream is closed"));
        outbox.close(new IOException("again"));

        writer.join();
        assertThat(sent).isCompletedExceptionally();
        assertThat(drained).isCompletedExceptionally();
        assertThat(blocked)
                .failsWithin(java.time.Duration.ofSeconds(10))
                .withThrowableThat()
                .withMessageContaining("stream is closed");
        assertThat(outbox.tryWrite(DATA, payload(1))).isFalse();
        assertThat(outbox.writeAsync(DATA, payload(1))).isCompletedExceptionally();
        assertThatThrownBy(outbox::turn).hasMessage("stream is closed");
        assertThat(outbox.take()).isNull();
    }

    @Test
    void releasesAMessageThatComesAfterTheClose() throws Exception {
        Turn turn = outbox.turn();
        outbox.close(new IOException("stream is closed"));
        ByteBuf message = Unpooled.buffer(1).writeByte(1);

        assertThat(turn.add(message, 1, 1)).isCompletedExceptionally();

        assertThat(message.refCnt()).isZero();
    }

    @Test
    void turnIsToldWhenNothingIsBeforeItAnyMore() throws Exception {
        Turn first = outbox.turn();
        assertThat(first.first()).isCompleted();
        Turn second = outbox.turn();
        var unused = first.add(Unpooled.wrappedBuffer(new byte[1]), 1, 1);
        first.close();
        assertThat(second.first()).isNotDone();

        bytes(take());
        assertThat(outbox.take()).isNull();

        assertThat(second.first()).isCompleted();
        Turn third = outbox.turn();
        outbox.close(new IOException("stream is closed"));
        assertThat(third.first()).isCompletedExceptionally();
    }

    @Test
    void endOfATurnLeavesTheRoomOfOthersAlone() throws Exception {
        Turn turn = outbox.turn();
        var unused = turn.add(Unpooled.wrappedBuffer(new byte[5000]), 5000, 1);
        turn.close();

        var behind = outbox.writeAsync(DATA, payload(900));

        assertThat(behind).isNotDone();
        assertThat(outbox.writeAsync(DATA, payload(900))).isCompletedExceptionally();
        assertThat(outbox.queuedBytes()).isEqualTo(5902);
        assertThat(drain()).hasSize(5902);
        assertThat(behind).isCompleted();
        assertThat(outbox.queuedBytes()).isZero();
        assertThat(outbox.writeAsync(DATA, payload(900))).isNotDone();
        assertThat(outbox.writeAsync(DATA, payload(900))).isCompletedExceptionally();
        drain();
    }

    @Test
    void keepsTheOrderOfEachOfManyThreads() throws Exception {
        int threads = 4;
        int each = 20_000;
        var writers = new Thread[threads];
        var failures = new AtomicInteger();
        for (int t = 0; t < threads; t++) {
            int id = t;
            writers[t] = new Thread(() -> {
                try {
                    ByteBuffer frame = ByteBuffer.allocate(8);
                    for (int i = 0; i < each; i++) {
                        frame.putInt(0, id).putInt(4, i);
                        outbox.write(DATA, frame);
                    }
                } catch (Exception e) {
                    failures.incrementAndGet();
                }
            });
            writers[t].start();
        }
        int[] next = new int[threads];
        for (int seen = 0; seen < threads * each; ) {
            Piece piece = outbox.take();
            if (piece == null) {
                Thread.onSpinWait();
                continue;
            }
            ByteBuffer bytes = ByteBuffer.wrap(bytes(piece));
            for (; bytes.hasRemaining(); seen++) {
                assertThat(bytes.getShort()).isEqualTo((short) 0x0800);
                int id = bytes.getInt();
                assertThat(bytes.getInt()).isEqualTo(next[id]++);
            }
            piece.left();
        }
        for (Thread writer : writers) {
            writer.join();
        }
        assertThat(failures).hasValue(0);
        assertThat(outbox.queuedBytes()).isZero();
    }
}
