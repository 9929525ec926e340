package io.mutil.pipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mutil.testkit.Eventually;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class StreamsTest {
    /** Blocks in everything, and cannot be interrupted, as System.in can be. */
    private static final class Stuck extends InputStream {
        final CountDownLatch end = new CountDownLatch(1);

        @Override
        public int read() {
            block();
            return -1;
        }

        @Override
        public int read(byte[] into, int offset, int length) {
            return read();
        }

        @Override
        public void close() {
            block();
        }

        void block() {
            boolean over = false;
            while (!over) {
                try {
                    end.await();
                    over = true;
                } catch (InterruptedException e) {
                    // that is the point
                }
            }
        }
    }

    @Test
    void streamsAreClosedWithThePipe() throws Exception {
        var in = new CompletableFuture<Void>();
        var out = new CompletableFuture<Void>();
        Pipe pipe = Pipe.builder()
                .over(
                        new ByteArrayInputStream(new byte[4]) {
                            @Override
                            public void close() {
                                in.complete(null);
                            }
                        },
                        new ByteArrayOutputStream() {
                            @Override
                            public void close() {
                                out.complete(null);
                            }
                        });
        assertThat(pipe.read()).isEqualTo(ByteBuffer.allocate(0));
        assertThat(pipe.read()).isNull();

        pipe.close();

        in.get();
        out.get();
    }

    @Test
    void aStreamThatCannotBeLetGoDoesNotHoldUpAClose() throws Exception {
        var stuck = new Stuck();
        Pipe pipe = Pipe.builder().reading(stuck);
        var frame = pipe.readAsync();

        pipe.close();

        assertThatThrownBy(frame::get).cause().isInstanceOf(IOException.class);
        stuck.end.countDown();
    }

    @Test
    void aStreamThatTakesNothingDoesNotHoldUpAClose() throws Exception {
        var stuck = new Stuck();
        Pipe pipe = Pipe.builder().drainTimeout(Duration.ofMillis(1)).writing(new OutputStream() {
            @Override
            public void write(int b) {
                stuck.block();
            }

            @Override
            public void close() {
                stuck.block();
            }
        });
        var inHand = pipe.writeAsync(ByteBuffer.allocate(10));
        Eventually.until("it is being written", () -> !pipe.tryWrite(ByteBuffer.allocate(0)));
        var queued = pipe.writeAsync(ByteBuffer.allocate(100_000));

        assertThatThrownBy(pipe::close).isInstanceOf(IOException.class);

        assertThatThrownBy(inHand::get).cause().isInstanceOf(IOException.class);
        assertThatThrownBy(queued::get).cause().isInstanceOf(IOException.class);
        stuck.end.countDown();
    }

    @Test
    void aPrintStreamThatFailsIsNoticed() throws Exception {
        var out = new PrintStream(new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("no");
            }
        });
        try (Pipe pipe = Pipe.builder().writing(out)) {
            assertThatThrownBy(() -> pipe.writeAsync(ByteBuffer.allocate(1)).get())
                    .cause()
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("PrintStream");
        }
    }

    @Test
    void aStreamThatFailsTellsTheReader() throws Exception {
        try (Pipe pipe = Pipe.builder().reading(new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("no disk");
            }

            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                return read();
            }
        })) {
            assertThatThrownBy(pipe::read).isInstanceOf(IOException.class).hasMessageContaining("no disk");
        }
    }

    @Test
    void anErrorOfAStreamIsToldToThoseWhoWait() throws Exception {
        try (Pipe pipe = Pipe.builder()
                .over(
                        new InputStream() {
                            @Override
                            public int read() {
                                throw new NoClassDefFoundError("in");
                            }

                            @Override
                            public int read(byte[] into, int offset, int length) {
                                return read();
                            }
                        },
                        new OutputStream() {
                            @Override
                            public void write(int b) {
                                throw new NoClassDefFoundError("out");
                            }
                        })) {
            assertThatThrownBy(() -> pipe.write(ByteBuffer.allocate(200_000)))
                    .isInstanceOf(NoClassDefFoundError.class)
                    .hasMessage("out");
            assertThatThrownBy(pipe::read)
                    .isInstanceOf(NoClassDefFoundError.class)
                    .hasMessage("in");
        }
    }

    /** Makes so many threads that can be started, and then others. */
    private static ThreadFactory threads(int count) {
        var made = new AtomicInteger();
        return task -> {
            boolean more = made.incrementAndGet() <= count;
            var thread = new Thread(task) {
                @Override
                public synchronized void start() {
                    if (!more) {
                        throw new InternalError("no more threads");
                    }
                    super.start();
                }
            };
            thread.setDaemon(true);
            return thread;
        };
    }

    @Test
    void aCloseNeedsNoThread() throws Exception {
        var stuck = new Stuck();
        Pipe pipe = Pipe.builder().threads(threads(1)).reading(stuck);

        pipe.close();
        pipe.close();

        stuck.end.countDown();
    }

    @Test
    void theDrainTimeoutNeedsNoThread() throws Exception {
        var stuck = new Stuck();
        Pipe pipe = Pipe.builder()
                .threads(threads(1))
                .drainTimeout(Duration.ofMillis(1))
                .writing(new OutputStream() {
                    @Override
                    public void write(int b) {
                        stuck.block();
                    }
                });
        var sent = pipe.writeAsync(ByteBuffer.allocate(10));

        assertThatThrownBy(pipe::close).isInstanceOf(IOException.class).hasMessageContaining("drainTimeout");

        assertThatThrownBy(sent::get).cause().isInstanceOf(IOException.class);
        stuck.end.countDown();
    }

    @Test
    void aPipeThatLacksAThreadClosesItsStreams() throws Exception {
        var in = new CompletableFuture<Void>();
        var out = new CompletableFuture<Void>();
        var waiting = new InputStream() {
            @Override
            public int read() throws IOException {
                try {
                    new CountDownLatch(1).await();
                    return -1;
                } catch (InterruptedException e) {
                    throw new InterruptedIOException();
                }
            }

            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                return read();
            }

            @Override
            public void close() {
                in.complete(null);
            }
        };
        var closing = new ByteArrayOutputStream() {
            @Override
            public void close() {
                out.complete(null);
            }
        };

        assertThatThrownBy(() -> Pipe.builder().threads(threads(1)).over(waiting, closing))
                .isInstanceOf(InternalError.class);

        in.get();
        out.get();
    }

    @Test
    void thePipesOfTheJdkCarryFrames() throws Exception {
        var in = new PipedInputStream();
        var out = new PipedOutputStream(in);
        try (Pipe reader = Pipe.builder().reading(in);
                Pipe writer = Pipe.builder().writing(out)) {
            writer.write(ByteBuffer.wrap(new byte[10_000]));
            assertThat(reader.read()).isEqualTo(ByteBuffer.allocate(10_000));
            writer.closeOutput();
            assertThat(reader.read()).isNull();
        }
    }
}
