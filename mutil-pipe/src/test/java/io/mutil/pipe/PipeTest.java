package io.mutil.pipe;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mutil.codec.Codec;
import io.mutil.codec.FrameFormat;
import io.mutil.codec.FrameTooLargeException;
import io.mutil.codec.IncomingFrame;
import io.mutil.codec.JsonCodec;
import io.mutil.codec.MessageStream;
import io.mutil.codec.OutgoingFrame;
import io.mutil.codec.QueueFullException;
import io.mutil.codec.TruncatedFrameException;
import io.mutil.pipe.Conduit.Kind;
import io.mutil.testkit.Background;
import io.mutil.testkit.Eventually;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every pipe keeps to, whatever it goes over. */
@Timeout(20)
class PipeTest {
    private static final int[] LENGTHS = {0, 1, 16, 0, 255, 1_000, 4_096, 16_384, 16_385, 65_536, 131_073, 1_500_000, 3
    };

    record Trade(String sym, int size) {}

    private static Pipe.Builder options() {
        return Pipe.builder();
    }

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i * 31 + length);
        }
        return bytes;
    }

    private static byte[] array(@Nullable ByteBuffer frame) {
        byte[] bytes = new byte[requireNonNull(frame, "frame").remaining()];
        frame.get(bytes);
        return bytes;
    }

    private static ByteBuffer buffer(int length) {
        return ByteBuffer.wrap(bytes(length));
    }

    private static ByteBuffer direct(int length) {
        return ByteBuffer.allocateDirect(length).put(bytes(length)).flip();
    }

    /** Writes until nothing more is taken, and leaves that queued. */
    private static List<CompletableFuture<Void>> fill(Pipe out) {
        List<CompletableFuture<Void>> writes = new ArrayList<>();
        CompletableFuture<Void> write = out.writeAsync(buffer(10_000));
        while (!write.isCompletedExceptionally()) {
            writes.add(write);
            write = out.writeAsync(buffer(10_000));
        }
        assertThatThrownBy(write::get).cause().isInstanceOf(QueueFullException.class);
        return writes;
    }

    @ParameterizedTest
    @EnumSource
    void framesArriveWholeAndInOrder(Kind kind) throws Exception {
        try (Conduit conduit = kind.make();
                Pipe in = conduit.reader(options());
                Pipe out = conduit.writer(options())) {
            var writer = Background.run(() -> {
                for (int length : LENGTHS) {
                    out.write(buffer(length));
                    out.write(direct(length));
                    out.write(buffer(length));
                }
                out.closeOutput();
            });

            for (int length : LENGTHS) {
                assertThat(array(in.read())).isEqualTo(bytes(length));
                assertThat(array(in.readAsync().get())).isEqualTo(bytes(length));
                ByteBuffer target = ByteBuffer.allocateDirect(length);
                assertThat(in.read(target)).isEqualTo(length);
                assertThat(array(target.flip())).isEqualTo(bytes(length));
            }

            assertThat(in.read()).isNull();
            assertThat(in.read(ByteBuffer.allocate(0))).isEqualTo(-1);
            assertThat(in.readAsync().get()).isNull();
            assertThat(in.next()).isNull();
            writer.get();
        }
    }

    @ParameterizedTest
    @EnumSource
    void asynchronousWritesArriveInOrder(Kind kind) throws Exception {
        try (Conduit conduit = kind.make();
                Pipe in = conduit.reader(options());
                Pipe out = conduit.writer(options().outboundQueueBytes(16 << 20))) {
            List<CompletableFuture<Void>> writes = new ArrayList<>();
            for (int length : LENGTHS) {
                writes.add(out.writeAsync(buffer(length)));
                writes.add(out.writeAsync(direct(length)));
            }

            for (int length : LENGTHS) {
                assertThat(array(in.read())).isEqualTo(bytes(length));
                assertThat(array(in.read())).isEqualTo(bytes(length));
            }

            for (CompletableFuture<Void> write : writes) {
                write.get();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void framesOfManyThreadsDoNotMix(Kind kind) throws Exception {
        int threads = 4;
        int each = 500;
        try (Conduit conduit = kind.make();
                Pipe in = conduit.reader(options());
                Pipe out = conduit.writer(options().outboundQueueBytes(4_000))) {
            List<CompletableFuture<Void>> writers = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                byte id = (byte) t;
                writers.add(Background.run(() -> {
                    for (int i = 0; i < each; i++) {
                        byte[] frame = new byte[5 + i];
                        Arrays.fill(frame, id);
                        out.write(ByteBuffer.wrap(frame).putInt(1, i));
                    }
                }));
            }

            int[] next = new int[threads];
            for (int i = 0; i < threads * each; i++) {
                byte[] frame = array(in.read());
                byte id = frame[0];
                int number = next[id]++;
                byte[] expected = new byte[5 + number];
                Arrays.fill(expected, id);
                assertThat(frame)
                        .isEqualTo(ByteBuffer.wrap(expected).putInt(1, number).array());
            }

            for (CompletableFuture<Void> writer : writers) {
                writer.get();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void valuesAndEncodedValuesPass(Kind kind) throws Exception {
        try (Conduit conduit = kind.make();
                Pipe in = conduit.reader(options());
                Pipe out = conduit.writer(options())) {
            MessageStream<Trade> trades = out.as(JsonCodec.of(Trade.class));
            trades.write(new Trade("IBM", 1));
            out.write(ByteBuffer.wrap("{\"sym\": \"MSFT\", \"size\": 2}".getBytes(UTF_8)));
            trades.writeAsync(new Trade("AAPL", 3)).get();

            assertThat(new String(array(in.read()), UTF_8)).isEqualTo("{\"sym\":\"IBM\",\"size\":1}");
            assertThat(in.as(JsonCodec.of(Trade.class)).read()).isEqualTo(new Trade("MSFT", 2));
            assertThat(in.as(JsonCodec.of(Trade.class)).readAsync().get()).isEqualTo(new Trade("AAPL", 3));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFrameIsWrittenAndReadInPieces(Kind kind) throws Exception {
        long length = 5_000_001;
        FrameFormat large = FrameFormat.littleEndian(8).maxBytes(Long.MAX_VALUE);
        try (Conduit conduit = kind.make();
                Pipe in = conduit.reader(options().format(large));
                Pipe out = conduit.writer(options().format(large))) {
            var writer = Background.run(() -> {
                try (OutgoingFrame frame = out.open(length)) {
                    while (frame.remaining() > 0) {
                        frame.write(buffer((int) Math.min(77_777, frame.remaining())));
                    }
                }
                out.write(buffer(3));
            });

            try (IncomingFrame frame = requireNonNull(in.next())) {
                assertThat(frame.length()).isEqualTo(length);
                long position = 0;
                for (ByteBuffer piece = frame.read(); piece != null; piece = frame.read()) {
                    long inPiece = position % 77_777;
                    int of = (int) Math.min(77_777, length - (position - inPiece));
                    assertThat(piece.get(0)).isEqualTo((byte) (inPiece * 31 + of));
                    position += piece.remaining();
                }
                assertThat(position).isEqualTo(length);
            }

            assertThat(array(in.read())).isEqualTo(bytes(3));
            writer.get();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aHeaderInTwoPiecesIsOneHeader(Kind kind) throws Exception {
        try (Conduit conduit = kind.make();
                Pipe in = conduit.reader(options());
                OutputStream out = conduit.rawWriter()) {
            var frame = in.readAsync();
            out.write(new byte[] {2, 0});
            out.flush();
            Eventually.until("half of the header has arrived", () -> in.stats().bytesIn() == 2);
            assertThat(frame).isNotDone();
            out.write(new byte[] {0, 0, 'h'});
            out.flush();
            Eventually.until("and the other half", () -> in.stats().bytesIn() == 5);
            assertThat(frame).isNotDone();
            out.write('i');
            out.flush();

            assertThat(array(frame.get())).isEqualTo(new byte[] {'h', 'i'});
        }
    }

    @ParameterizedTest
    @EnumSource
    void emptyFramesAreNotTheEnd(Kind kind) throws Exception {
        try (Conduit conduit = kind.make();
                Pipe in = conduit.reader(options())) {
            try (OutputStream out = conduit.rawWriter()) {
                out.write(new byte[8]);
            }

            assertThat(array(in.read())).isEmpty();
            assertThat(array(in.read())).isEmpty();
            assertThat(in.read()).isNull();
            assertThat(in.read()).isNull();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aStreamCutInsideAPayloadTellsHowMuchCame(Kind kind) throws Exception {
        try (Conduit conduit = kind.make();
                Pipe in = conduit.reader(options())) {
            try (OutputStream out = conduit.rawWriter()) {
                out.write(new byte[] {1, 0, 0, 0, 'x', 10, 0, 0, 0, 'y', 'z'});
            }

            assertThat(array(in.read())).isEqualTo(new byte[] {'x'});
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(in::read).isInstanceOfSatisfying(TruncatedFrameException.class, e -> {
                    assertThat(e.expected()).isEqualTo(10);
                    assertThat(e.received()).isEqualTo(2);
                });
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aStreamCutInsideAHeaderIsNoCleanEnd(Kind kind) throws Exception {
        try (Conduit conduit = kind.make();
                Pipe in = conduit.reader(options())) {
            try (OutputStream out = conduit.rawWriter()) {
                out.write(new byte[3]);
            }

            assertThatThrownBy(in::read).isInstanceOfSatisfying(TruncatedFrameException.class, e -> {
                assertThat(e.expected()).isEqualTo(4);
                assertThat(e.received()).isEqualTo(3);
            });
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFrameBeyondTheLimitEndsTheStream(Kind kind) throws Exception {
        FrameFormat small = FrameFormat.littleEndian(4).maxBytes(100);
        try (Conduit conduit = kind.make();
                Pipe in = conduit.reader(options().format(small));
                OutputStream out = conduit.rawWriter()) {
            out.write(new byte[] {101, 0, 0, 0});
            out.flush();

            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(in::read).isInstanceOf(FrameTooLargeException.class);
            }
            assertThatThrownBy(() -> in.readAsync().get()).cause().isInstanceOf(FrameTooLargeException.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFrameBeyondTheLimitIsNotSent(Kind kind) throws Exception {
        FrameFormat small = FrameFormat.littleEndian(1);
        try (Conduit conduit = kind.make();
                Pipe in = conduit.reader(options().format(small));
                Pipe out = conduit.writer(options().format(small))) {
            assertThatThrownBy(() -> out.write(buffer(256))).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> out.writeAsync(buffer(256))).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> out.open(256)).isInstanceOf(IllegalArgumentException.class);
            out.write(buffer(255));

            assertThat(array(in.read())).isEqualTo(bytes(255));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aReadingThatIsGivenUpTakesNoFrame(Kind kind) throws Exception {
        try (Conduit conduit = kind.make();
                Pipe in = conduit.reader(options());
                Pipe out = conduit.writer(options())) {
            MessageStream<Trade> trades = in.as(JsonCodec.of(Trade.class));
            trades.readAsync().cancel(false);
            trades.readAsync().completeExceptionally(new TimeoutException());
            in.readAsync().completeExceptionally(new TimeoutException());
            in.nextAsync().completeExceptionally(new TimeoutException());

            out.write(buffer(10));

            assertThat(array(in.read())).isEqualTo(bytes(10));
        }
    }

    @Test
    void aValueThatIsInterruptedOnItsWayIsReleased() throws Exception {
        try (Pipe pipe = Pipe.open()) {
            fill(pipe);
            var codec = new RecordingCodec();
            Thread.currentThread().interrupt();

            assertThatThrownBy(() -> pipe.as(codec).write("x")).isInstanceOf(InterruptedException.class);

            assertThat(requireNonNull(codec.last).refCnt()).isZero();
        }
    }

    private static final class RecordingCodec implements Codec<String> {
        private static final long serialVersionUID = 1;

        transient @Nullable ByteBuf last;

        @Override
        public void encode(String value, ByteBuf into) {
            last = into;
            into.writeCharSequence(value, UTF_8);
        }

        @Override
        public String decode(ByteBuf payload) {
            return payload.toString(UTF_8);
        }

        @Override
        public void encodeAll(List<? extends String> items, ByteBuf into) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<String> decodeAll(ByteBuf payload) {
            throw new UnsupportedOperationException();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aReaderThatIsGoneFailsTheWriter(Kind kind) throws Exception {
        try (Conduit conduit = kind.make()) {
            Pipe in = conduit.reader(options());
            try (Pipe out = conduit.writer(options())) {
                out.write(buffer(10));
                assertThat(array(in.read())).isEqualTo(bytes(10));
                in.closeAsync().get();

                assertThatThrownBy(() -> {
                            while (true) {
                                out.write(buffer(1_000));
                            }
                        })
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("broken pipe");
                assertThatThrownBy(() -> out.writeAsync(buffer(1)).get())
                        .cause()
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("broken pipe");
                assertThatThrownBy(() -> out.open(1)).isInstanceOf(IOException.class);
                assertThat(out.tryWrite(buffer(1))).isFalse();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aReaderThatGoesFailsWhatIsQueued(Kind kind) throws Exception {
        try (Conduit conduit = kind.make()) {
            try (Pipe out = conduit.writer(options())) {
                InputStream in = conduit.rawReader();
                List<CompletableFuture<Void>> writes = fill(out);
                var waiting = Background.run(() -> {
                    while (true) {
                        out.write(buffer(10_000));
                    }
                });
                CompletableFuture<Void> drained = out.drainAsync();
                in.close();

                for (CompletableFuture<?> lost : List.of(writes.get(writes.size() - 1), waiting, drained)) {
                    assertThatThrownBy(lost::get)
                            .cause()
                            .isInstanceOf(IOException.class)
                            .hasMessageContaining("broken pipe");
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aCloseTellsOfFramesThatWereLostUnnoticed(Kind kind) throws Exception {
        try (Conduit conduit = kind.make()) {
            Pipe out = conduit.writer(options());
            InputStream in = conduit.rawReader();
            // beyond what the kernel takes, whose buffers may have been enlarged
            while (out.stats().queuedBytes() < 100_000) {
                out.write(buffer(10_000));
            }
            in.close();
            Eventually.until("the break is noticed", () -> out.stats().queuedBytes() == 0);

            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(out::close).isInstanceOf(IOException.class).hasMessageContaining("broken pipe");
            }
            assertThatThrownBy(() -> out.drain(Duration.ofSeconds(30))).hasMessageContaining("broken pipe");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aWriteCompletesWhenItsBytesHaveLeft(Kind kind) throws Exception {
        try (Conduit conduit = kind.make();
                Pipe out = conduit.writer(options());
                InputStream in = conduit.rawReader()) {
            List<CompletableFuture<Void>> writes = fill(out);
            CompletableFuture<Void> last = writes.get(writes.size() - 1);
            assertThat(last).isNotDone();
            assertThat(out.stats().queuedBytes()).isBetween(1L, 1L << 20);
            assertThat(out.tryWrite(buffer(1))).isFalse();

            in.readNBytes(writes.size() * 10_004);

            for (CompletableFuture<Void> write : writes) {
                write.get();
            }
            out.drain(Duration.ofSeconds(30));
            assertThat(out.stats().queuedBytes()).isZero();
            assertThat(out.stats().framesOut()).isEqualTo(writes.size());
            assertThat(out.stats().bytesOut()).isEqualTo(writes.size() * 10_004L);
            assertThat(out.tryWrite(buffer(1))).isTrue();
            assertThat(in.readNBytes(5)).hasSize(5);
        }
    }

    @ParameterizedTest
    @EnumSource
    void drainGivesUpAtItsDeadline(Kind kind) throws Exception {
        try (Conduit conduit = kind.make();
                Pipe in = conduit.reader(options().inboundBufferBytes(1));
                Pipe out = conduit.writer(options())) {
            List<CompletableFuture<Void>> writes = fill(out);

            assertThatThrownBy(() -> out.drain(Duration.ofMillis(1))).isInstanceOf(TimeoutException.class);

            for (int i = 0; i < writes.size(); i++) {
                assertThat(array(in.read())).isEqualTo(bytes(10_000));
            }
            out.drain(Duration.ofSeconds(30));
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsNotReadHoldsTheWriterBack(Kind kind) throws Exception {
        try (Conduit conduit = kind.make();
                Pipe in = conduit.reader(options().inboundBufferBytes(100_000));
                Pipe out = conduit.writer(options().outboundQueueBytes(100_000))) {
            var writer = Background.run(() -> {
                for (int i = 0; i < 1_000; i++) {
                    out.write(buffer(10_000));
                }
            });
            Eventually.until("the reader has enough", () -> in.stats().bufferedBytes() >= 100_000);
            for (int i = 0; i < 1_000; i++) {
                assertThat(in.stats().bufferedBytes()).isLessThan(100_000 + (64 << 10));
                assertThat(out.stats().queuedBytes()).isLessThanOrEqualTo(100_000);
                assertThat(array(in.read())).isEqualTo(bytes(10_000));
            }
            writer.get();
            assertThat(in.stats().framesIn()).isEqualTo(1_000);
            assertThat(in.stats().bytesIn()).isEqualTo(10_004_000);
        }
    }

    @ParameterizedTest
    @EnumSource
    void closingFailsWhoeverWaitsForAFrame(Kind kind) throws Exception {
        try (Conduit conduit = kind.make();
                Pipe out = conduit.writer(options())) {
            Pipe in = conduit.reader(options());
            out.write(buffer(1));
            assertThat(array(in.read())).isEqualTo(bytes(1));
            var async = in.readAsync();
            var blocking = Background.call(in::read);

            in.close();

            assertThatThrownBy(async::get)
                    .cause()
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("closed");
            assertThatThrownBy(blocking::get)
                    .cause()
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("closed");
            assertThatThrownBy(in::read).isInstanceOf(IOException.class).hasMessageContaining("closed");
            assertThatThrownBy(in::next).isInstanceOf(IOException.class);
            assertThat(in.stats().open()).isFalse();
            assertThat(in.toString()).startsWith("Pipe[").endsWith(", closed]");
        }
    }

    @ParameterizedTest
    @EnumSource
    void closingTwiceIsClosingOnce(Kind kind) throws Exception {
        try (Conduit conduit = kind.make()) {
            Pipe in = conduit.reader(options());
            Pipe out = conduit.writer(options());
            // a reader that opens a FIFO after the writer has closed it would wait for another
            out.write(buffer(1));
            assertThat(array(in.read())).isEqualTo(bytes(1));
            out.closeOutput();
            assertThat(in.read()).isNull();
            out.closeOutput();
            out.close();
            out.close();
            in.closeInput();
            in.closeInput();
            in.close();
            in.closeAsync().get();

            assertThatThrownBy(() -> out.write(buffer(1)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("closed");
            assertThatThrownBy(() -> out.writeAsync(buffer(1)).get()).cause().isInstanceOf(IOException.class);
            assertThat(out.tryWrite(buffer(1))).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource
    void closingSendsWhatIsQueued(Kind kind) throws Exception {
        try (Conduit conduit = kind.make();
                Pipe in = conduit.reader(options().inboundBufferBytes(1))) {
            Pipe out = conduit.writer(options());
            List<CompletableFuture<Void>> writes = fill(out);
            CompletableFuture<Void> closed = out.closeAsync();

            for (int i = 0; i < writes.size(); i++) {
                assertThat(array(in.read())).isEqualTo(bytes(10_000));
            }

            assertThat(in.read()).isNull();
            closed.get();
        }
    }

    @ParameterizedTest
    @EnumSource
    void closingGivesUpAtItsDeadlineAndSaysWhatWasLost(Kind kind) throws Exception {
        try (Conduit conduit = kind.make()) {
            Pipe out = conduit.writer(options().drainTimeout(Duration.ofMillis(10)));
            try (InputStream in = conduit.rawReader()) {
                List<CompletableFuture<Void>> writes = fill(out);

                assertThatThrownBy(out::close)
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("drainTimeout of PT0.01S");

                assertThatThrownBy(writes.get(writes.size() - 1)::get).cause().isInstanceOf(IOException.class);
                assertThat(in.readNBytes(4)).isEqualTo(new byte[] {0x10, 0x27, 0, 0});
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFrameThatIsNotFinishedEndsTheStream(Kind kind) throws Exception {
        try (Conduit conduit = kind.make();
                Pipe in = conduit.reader(options());
                Pipe out = conduit.writer(options())) {
            OutgoingFrame frame = out.open(10);
            frame.write(buffer(4));
            Eventually.until("a part of it has left", () -> out.stats().bytesOut() == 8);

            assertThatThrownBy(frame::close).isInstanceOf(IOException.class);

            assertThatThrownBy(in::read).isInstanceOf(TruncatedFrameException.class);
            assertThatThrownBy(() -> out.write(buffer(1))).isInstanceOf(IOException.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    void theOtherDirectionIsRefused(Kind kind) throws Exception {
        try (Conduit conduit = kind.make();
                Pipe in = conduit.reader(options());
                Pipe out = conduit.writer(options())) {
            assertRefused("only reads", () -> in.write(buffer(1)));
            assertRefused("only reads", () -> in.open(1));
            assertRefused("only reads", in::closeOutput);
            assertRefused("only writes", out::read);
            assertRefused("only writes", out::next);
            assertRefused("only writes", out::closeInput);
        }
    }

    private static void assertRefused(String why, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(IllegalStateException.class).hasMessageContaining(why);
    }

    @ParameterizedTest
    @EnumSource
    void blockingCallsAreRefusedOnTheThreadsThatMoveTheBytes(Kind kind) throws Exception {
        try (Conduit conduit = kind.make();
                Pipe in = conduit.reader(options());
                Pipe out = conduit.writer(options())) {
            var failure = new CompletableFuture<Throwable>();
            var read = in.readAsync().thenAccept(frame -> {
                try {
                    var unused = in.read();
                } catch (Throwable e) {
                    failure.complete(e);
                }
            });
            // closing from a callback must not wait for itself either
            var closed = in.readAsync().thenAccept(frame -> close(in));

            out.write(buffer(1));
            assertThat(failure.get()).isInstanceOf(IllegalStateException.class).hasMessageContaining("readAsync");
            read.get();
            out.write(buffer(1));
            closed.get();
            in.closeAsync().get();
        }
    }

    private static void close(Pipe pipe) {
        try {
            pipe.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @EnumSource
    void anInterruptEndsAReadAndNothingElse(Kind kind) throws Exception {
        try (Conduit conduit = kind.make();
                Pipe in = conduit.reader(options());
                Pipe out = conduit.writer(options())) {
            var thread = new CompletableFuture<Thread>();
            var read = Background.call(() -> {
                thread.complete(Thread.currentThread());
                return in.read();
            });
            Thread reader = thread.get();
            Eventually.until("it waits", () -> reader.getState() == Thread.State.WAITING);

            reader.interrupt();

            assertThatThrownBy(read::get)
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(InterruptedException.class);
            out.write(buffer(1));
            assertThat(array(in.read())).isEqualTo(bytes(1));
        }
    }
}
