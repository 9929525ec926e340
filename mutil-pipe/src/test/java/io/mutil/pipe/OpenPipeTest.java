package io.mutil.pipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mutil.codec.FrameFormat;
import io.mutil.codec.IncomingFrame;
import io.mutil.codec.OutgoingFrame;
import io.mutil.codec.Transport;
import io.mutil.codec.TruncatedFrameException;
import io.mutil.testkit.Background;
import io.mutil.testkit.Eventually;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.local.LocalIoHandler;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A pipe with both ends in one object. */
@Timeout(60)
class OpenPipeTest {
    private static final FrameFormat ANY_LENGTH = FrameFormat.littleEndian(8).maxBytes(Long.MAX_VALUE);

    @Test
    void whatOneThreadWritesAnotherReads() throws Exception {
        try (Pipe pipe = Pipe.open()) {
            var writer = Background.run(() -> {
                for (int i = 0; i < 100_000; i++) {
                    pipe.write(ByteBuffer.allocate(16).putInt(0, i));
                }
                pipe.closeOutput();
            });
            for (int i = 0; i < 100_000; i++) {
                assertThat(Objects.requireNonNull(pipe.read()).getInt(0)).isEqualTo(i);
            }
            assertThat(pipe.read()).isNull();
            writer.get();
            assertThat(pipe.stats()).isEqualTo(new Pipe.Stats(true, 100_000, 2_000_000, 0, 100_000, 2_000_000, 0));
        }
    }

    @Test
    void closingDropsWhatOnlyWeCouldRead() throws Exception {
        Pipe pipe = Pipe.open();
        // more than the buffers on the way hold
        var sent = pipe.writeAsync(ByteBuffer.allocate(8 << 20));
        assertThat(sent).isNotDone();

        pipe.close();

        assertThatThrownBy(sent::get).cause().isInstanceOf(IOException.class).hasMessageContaining("closed");
    }

    @Test
    void theSharedLoopsEndWithTheLastPipe() throws Exception {
        Pipe first = Pipe.open();
        Pipe second = Pipe.open();
        first.close();
        second.write(ByteBuffer.allocate(1));
        assertThat(second.read()).isEqualTo(ByteBuffer.allocate(1));
        second.close();

        Eventually.until(
                "their threads are gone",
                () -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().matches("mutil-pipe-\\d+-\\d+")));
        try (Pipe third = Pipe.open()) {
            third.write(ByteBuffer.allocate(1));
            assertThat(third.read()).isEqualTo(ByteBuffer.allocate(1));
        }
    }

    @Test
    void ownLoopsAreUsedAndKept() throws Exception {
        EventLoopGroup loops = Transport.nio().newEventLoopGroup(1, task -> new Thread(task, "own-loop"));
        try (Pipe pipe = Pipe.builder().eventLoops(loops).open()) {
            var name =
                    pipe.readAsync().thenApply(frame -> Thread.currentThread().getName());
            pipe.writeAsync(ByteBuffer.allocate(1)).get();
            assertThat(name.get()).isEqualTo("own-loop");
        }
        assertThat(loops.isShuttingDown()).isFalse();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
    }

    @RepeatedTest(20)
    void aLoopThatEndsEndsThePipe() throws Exception {
        EventLoopGroup loops = Transport.nio().newEventLoopGroup(1, Thread::new);
        Pipe pipe = Pipe.builder().eventLoops(loops).open();
        var frame = pipe.readAsync();
        pipe.writeAsync(ByteBuffer.allocate(1)).get();
        frame.get();

        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();

        assertThatThrownBy(() -> {
                    while (true) {
                        pipe.write(ByteBuffer.allocate(1));
                    }
                })
                .isInstanceOf(IOException.class);
        pipe.close();
    }

    @Test
    void loopsThatDoNotSuitAreRefused() throws Exception {
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, LocalIoHandler.newFactory());

        assertThatThrownBy(() -> Pipe.builder().eventLoops(loops).open())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("NIO");
        assertThatThrownBy(() -> Pipe.builder().eventLoops(loops).readFrom(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("epoll");

        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
    }

    @Test
    void theLengthOfAFrameMayBeBeyondMemory() throws Exception {
        long length = 5L << 30;
        var wire = new ByteArrayOutputStream();
        Pipe out = Pipe.builder().format(ANY_LENGTH).writing(wire);
        OutgoingFrame open = out.open(length);
        open.write(ByteBuffer.allocate(1_000));
        Eventually.until("that has left", () -> out.stats().bytesOut() == 1_008);
        assertThatThrownBy(open::close).isInstanceOf(IOException.class).hasMessageContaining("5368708120");
        out.closeAsync().exceptionally(e -> null).get();
        assertThat(wire.toByteArray()).startsWith(0, 0, 0, 0x40, 1, 0, 0, 0).hasSize(1_008);

        try (Pipe in = Pipe.builder().format(ANY_LENGTH).reading(new ByteArrayInputStream(wire.toByteArray()));
                IncomingFrame frame = Objects.requireNonNull(in.next())) {
            assertThat(frame.length()).isEqualTo(length);
            long read = 0;
            while (read < 1_000) {
                read += Objects.requireNonNull(frame.read()).remaining();
            }
            assertThat(frame.remaining()).isEqualTo(length - 1_000);
            assertThatThrownBy(frame::read).isInstanceOfSatisfying(TruncatedFrameException.class, e -> {
                assertThat(e.expected()).isEqualTo(length);
                assertThat(e.received()).isEqualTo(1_000);
            });
        }
    }

    @Test
    void aReadBehindAFrameThatIsReadInPiecesFailsAlone() throws Exception {
        try (Pipe pipe = Pipe.open()) {
            var frame = pipe.nextAsync();
            var behind = pipe.readAsync();
            pipe.write(ByteBuffer.allocate(1));
            assertThatThrownBy(behind::get).cause().isInstanceOf(IllegalStateException.class);
            Objects.requireNonNull(frame.get()).close();

            pipe.write(ByteBuffer.allocate(2));
            assertThat(pipe.read()).isEqualTo(ByteBuffer.allocate(2));
        }
    }

    @Test
    void aFrameOfManyPiecesPasses() throws Exception {
        stream((64L << 20) + 5);
    }

    @Test
    void aFrameBeyond2GiBPassesInAFractionOfTheMemory() throws Exception {
        List<String> command = Child.command(true, "stream", Long.toString((1L << 31) + 5));
        command.addAll(1, List.of("-Xmx32m", "-XX:MaxDirectMemorySize=32m", "-XX:+ExitOnOutOfMemoryError"));
        Process child = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (var output = child.inputReader()) {
            String said = String.join("\n", output.lines().toList());
            assertThat(child.waitFor()).as(said).isZero();
        } finally {
            child.destroyForcibly();
        }
    }

    static void stream(long length) throws Exception {
        try (Pipe pipe = Pipe.builder().format(ANY_LENGTH).open()) {
            var writer = Background.run(() -> {
                ByteBuffer chunk = ByteBuffer.allocate(1 << 20);
                try (OutgoingFrame frame = pipe.open(length)) {
                    for (long i = 0; frame.remaining() > 0; i++) {
                        chunk.clear().putLong(0, i).limit((int) Math.min(chunk.capacity(), frame.remaining()));
                        frame.write(chunk);
                    }
                }
                pipe.write(ByteBuffer.wrap(new byte[] {1}));
                pipe.closeOutput();
            });

            long position = 0;
            try (IncomingFrame frame = Objects.requireNonNull(pipe.next())) {
                assertThat(frame.length()).isEqualTo(length);
                for (ByteBuffer piece = frame.read(); piece != null; piece = frame.read()) {
                    assertNumbers(piece, position);
                    position += piece.remaining();
                }
            }
            assertThat(position).isEqualTo(length);
            assertThat(pipe.read()).isEqualTo(ByteBuffer.wrap(new byte[] {1}));
            assertThat(pipe.read()).isNull();
            writer.get();
        }
    }

    /** Looks at the number at the beginning of each MiB, if this piece holds it. */
    private static void assertNumbers(ByteBuffer piece, long position) {
        long mask = (1L << 20) - 1;
        for (long at = (position + mask) & ~mask; at + 8 <= position + piece.remaining(); at += 1 << 20) {
            assertThat(piece.getLong((int) (at - position))).isEqualTo(at >> 20);
        }
    }

    @Test
    void badChoicesAreRefusedAtTheCall() {
        for (Runnable choice : List.<Runnable>of(
                () -> Pipe.builder().outboundQueueBytes(0),
                () -> Pipe.builder().inboundBufferBytes(0),
                () -> Pipe.builder().drainTimeout(java.time.Duration.ofSeconds(-1)))) {
            assertThatThrownBy(choice::run).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
