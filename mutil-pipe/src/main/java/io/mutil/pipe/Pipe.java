package io.mutil.pipe;

import static java.util.Objects.requireNonNull;

import io.mutil.codec.FrameFormat;
import io.mutil.codec.FrameStream;
import io.mutil.codec.IncomingFrame;
import io.mutil.codec.OutgoingFrame;
import io.mutil.codec.internal.Waiting;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Frames over something that the operating system moves bytes through: a pipe made here, descriptors that this process was
 * started with, FIFOs, or streams such as standard input and output.
 *
 * <p>One object has one direction or both; reading where there is only writing, and the reverse, is an
 * {@link IllegalStateException}. At the end of the stream a read gives null, and a stream that was cut inside a frame
 * {@link io.mutil.codec.TruncatedFrameException} with the counts. A reader that went away fails the writes that have not
 * left, and all that follow.
 *
 * <p>Safe for many threads. Futures complete on any thread that uses or closes the pipe, or on the event loop or the thread
 * that moves its bytes: what depends on a future must never block. The blocking forms throw {@link IllegalStateException}
 * on the thread that they would wait for. Those that move bytes are daemons, so a program that should go on waits in a
 * thread of its own.
 *
 * <pre>{@code
 * try (Pipe parent = Pipe.builder().over(0, 1)) {
 *     for (ByteBuffer frame = parent.read(); frame != null; frame = parent.read()) {
 *         parent.write(frame);
 *     }
 * }
 * }</pre>
 */
public final class Pipe implements FrameStream {
    private final Ends ends;
    private final @Nullable ReadHalf reading;
    private final @Nullable WriteHalf writing;
    private final AtomicBoolean closing = new AtomicBoolean();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();

    private Pipe(Ends ends, Settings settings) {
        this.ends = ends;
        this.reading = ends.input() == null ? null : new ReadHalf(ends.name(), ends.input(), settings);
        this.writing = ends.output() == null ? null : new WriteHalf(ends.name(), ends.output(), settings);
    }

    static Pipe over(Ends ends, Settings settings) {
        var pipe = new Pipe(ends, settings);
        try {
            pipe.start();
        } catch (RuntimeException | Error e) {
            // as for want of a thread: nobody would close what has begun
            var unused = pipe.closeNowAsync();
            throw e;
        }
        return pipe;
    }

    private void start() {
        if (reading != null) {
            reading.start();
        }
        if (writing != null) {
            writing.start();
        }
    }

    /**
     * Makes a pipe of the operating system and takes both of its ends: what one thread writes another reads.
     *
     * @see Builder#open()
     */
    public static Pipe open() throws IOException {
        return builder().open();
    }

    /** Begins the configuration of a pipe. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public void write(ByteBuffer payload) throws IOException, InterruptedException {
        writing().write(payload);
    }

    @Override
    public CompletableFuture<Void> writeAsync(ByteBuffer payload) {
        return writing().writeAsync(payload);
    }

    @Override
    public boolean tryWrite(ByteBuffer payload) {
        return writing().tryWrite(payload);
    }

    @Override
    public OutgoingFrame open(long length) throws IOException, InterruptedException {
        return writing().open(length);
    }

    @Override
    public @Nullable ByteBuffer read() throws IOException, InterruptedException {
        return reading().read();
    }

    @Override
    public int read(ByteBuffer target) throws IOException, InterruptedException {
        return reading().read(target);
    }

    @Override
    @SuppressWarnings("NullAway") // a compiler of 17 does not see the annotation inside a type of another module
    public CompletableFuture<@Nullable ByteBuffer> readAsync() {
        return reading().readAsync();
    }

    @Override
    public @Nullable IncomingFrame next() throws IOException, InterruptedException {
        return reading().next();
    }

    @Override
    @SuppressWarnings("NullAway") // as above
    public CompletableFuture<@Nullable IncomingFrame> nextAsync() {
        return reading().nextAsync();
    }

    @Override
    public CompletableFuture<Void> drainAsync() {
        return writing().drainAsync();
    }

    @Override
    public void drain(Duration deadline) throws IOException, InterruptedException, TimeoutException {
        writing().refuseOwnThread("drain", "drainAsync");
        Waiting.get(drainAsync(), deadline);
    }

    private ReadHalf reading() {
        if (reading == null) {
            throw new IllegalStateException("this pipe only writes, to " + ends.name()
                    + "; read from another, or name both ends to Builder.over");
        }
        return reading;
    }

    private WriteHalf writing() {
        if (writing == null) {
            throw new IllegalStateException("this pipe only reads, from " + ends.name()
                    + "; write to another, or name both ends to Builder.over");
        }
        return writing;
    }

    /**
     * Closes the direction of writing: takes no more frames, lets those that are queued leave, and then the reader finds
     * the end of the stream. Frames can still be read here.
     *
     * @return completes when the end is closed; fails with an {@link IOException} if that lost frames, because the reader
     *     went away or did not take them within the drain time-out
     */
    public CompletableFuture<Void> closeOutputAsync() {
        return writing().closeAsync().copy();
    }

    /**
     * Blocking form of {@link #closeOutputAsync}; not for event-loop threads.
     *
     * @throws IOException if frames were lost
     * @throws InterruptedException if interrupted; the closing goes on
     */
    public void closeOutput() throws IOException, InterruptedException {
        writing().refuseOwnThread("closeOutput", "closeOutputAsync");
        Waiting.get(closeOutputAsync());
    }

    /**
     * Closes the direction of reading: what has arrived and was not read is dropped, those who wait for it get an
     * {@link IOException}, and so does the writer, unless there are other readers. Frames can still be written here.
     *
     * @return completes when the end is closed
     */
    public CompletableFuture<Void> closeInputAsync() {
        return reading().closeAsync().copy();
    }

    /** Blocking form of {@link #closeInputAsync}, except on an event loop, where it only begins to close. */
    public void closeInput() {
        CompletableFuture<Void> end = closeInputAsync();
        if (!isOwnThread()) {
            end.join();
        }
    }

    /**
     * Closes both directions: reading at once, writing as {@link #closeOutputAsync} does. If nobody else could read what is
     * queued, because both ends are here, it is dropped. A second close changes nothing.
     *
     * @return completes when the operating system has the ends back; fails with an {@link IOException} if frames were
     *     lost
     */
    public CompletableFuture<Void> closeAsync() {
        if (!closing.getAndSet(true)) {
            var input = reading == null ? CompletableFuture.<Void>completedFuture(null) : reading.closeAsync();
            var unused = closeWriting(ends.toOurselves()).whenComplete((v, failure) -> {
                var unusedToo = input.thenRun(() -> closed(failure));
            });
        }
        return closed.copy();
    }

    /** Closes both directions at once. */
    CompletableFuture<Void> closeNowAsync() {
        var unused = closeWriting(true);
        return closeAsync();
    }

    private CompletableFuture<Void> closeWriting(boolean now) {
        if (writing == null) {
            return CompletableFuture.completedFuture(null);
        }
        return now ? writing.closeNow() : writing.closeAsync();
    }

    private void closed(@Nullable Throwable failure) {
        ends.release().run();
        if (failure == null) {
            closed.complete(null);
        } else {
            closed.completeExceptionally(failure);
        }
    }

    /**
     * Closes as {@link #closeAsync} does and waits for the end, except on an event loop, where it only begins to close.
     * That takes at most the drain time-out and two seconds, even if a stream cannot be let go: then a daemon thread stays
     * behind in it, as it does with {@code System.in} while nothing comes. An interrupt ends the wait, not the closing.
     *
     * @throws IOException if frames were lost, now or before without a call that told of it
     */
    @Override
    public void close() throws IOException {
        CompletableFuture<Void> end = closeAsync();
        if (!isOwnThread()) {
            Waiting.awaitClose(end);
        }
    }

    /** Whether waiting here would be waiting for ourselves. */
    private boolean isOwnThread() {
        return (reading != null && reading.isOwnThread()) || (writing != null && writing.isOwnThread());
    }

    /** Drops what arrives from now on, so that the writer is not held up. */
    void discardInput() {
        reading().discard();
    }

    /** What has happened so far. */
    public Stats stats() {
        return new Stats(
                !closing.get(),
                reading == null ? 0 : reading.frames(),
                reading == null ? 0 : reading.bytes(),
                reading == null ? 0 : reading.bufferedBytes(),
                writing == null ? 0 : writing.frames(),
                writing == null ? 0 : writing.bytes(),
                writing == null ? 0 : writing.queuedBytes());
    }

    @Override
    public String toString() {
        return "Pipe[" + ends.name() + (closing.get() ? ", closed" : "") + "]";
    }

    /**
     * What has happened on one pipe. Bytes are those on the wire, headers included; a direction that the pipe does not
     * have counts nothing.
     *
     * @param open whether the pipe was not closed here
     * @param framesIn frames that were read
     * @param bytesIn bytes that have arrived
     * @param bufferedBytes bytes that have arrived and were not read
     * @param framesOut frames that have been handed to the operating system
     * @param bytesOut bytes that have
     * @param queuedBytes bytes that wait for it
     */
    public record Stats(
            boolean open,
            long framesIn,
            long bytesIn,
            long bufferedBytes,
            long framesOut,
            long bytesOut,
            long queuedBytes) {}

    /** Choices for a pipe, and what it goes over. Used once; not for many threads. */
    public static final class Builder {
        private FrameFormat format = FrameFormat.littleEndian(4);
        private long outboundQueueBytes = 1 << 20;
        private int inboundBufferBytes = 1 << 20;
        private Duration drainTimeout = Duration.ofSeconds(10);
        private ByteBufAllocator allocator = ByteBufAllocator.DEFAULT;
        private @Nullable ThreadFactory threads;
        private @Nullable EventLoopGroup eventLoops;

        Builder() {}

        /** Header width and largest frame. Default 4 bytes and 16 MiB; the other end must use the same width. */
        public Builder format(FrameFormat format) {
            this.format = requireNonNull(format, "format");
            return this;
        }

        /**
         * Bound of the frames that wait to be sent, in bytes with headers. Default 1 MiB. A single larger frame is still
         * admitted when nothing else is queued. At the bound {@code write} waits and {@code writeAsync} refuses.
         */
        public Builder outboundQueueBytes(long bytes) {
            if (bytes < 1) {
                throw new IllegalArgumentException("outboundQueueBytes must be positive, was " + bytes);
            }
            outboundQueueBytes = bytes;
            return this;
        }

        /**
         * How many bytes may have arrived and not been read before the writer has to wait. Default 1 MiB, and one buffer
         * of up to 64 KiB more or less. A frame that is being read whole takes its length besides.
         */
        public Builder inboundBufferBytes(int bytes) {
            if (bytes < 1) {
                throw new IllegalArgumentException("inboundBufferBytes must be positive, was " + bytes);
            }
            inboundBufferBytes = bytes;
            return this;
        }

        /** How long a close waits for queued frames to leave. Default 10 s; zero for not at all. */
        public Builder drainTimeout(Duration timeout) {
            if (timeout.isNegative() || timeout.compareTo(Duration.ofDays(365)) > 0) {
                throw new IllegalArgumentException("drainTimeout must be from zero to a year, was " + timeout);
            }
            drainTimeout = timeout;
            return this;
        }

        /** Where buffers come from. Default Netty's. */
        public Builder allocator(ByteBufAllocator allocator) {
            this.allocator = requireNonNull(allocator, "allocator");
            return this;
        }

        /**
         * Event loops to run on: of NIO for {@link #open()}, of epoll for descriptors; others are refused there. FIFOs and
         * streams do not use them. They are not shut down, and must be kept until the pipe is closed. By default all pipes
         * share loops on daemon threads named {@code mutil-pipe-}, which end with the last pipe.
         */
        public Builder eventLoops(EventLoopGroup loops) {
            eventLoops = requireNonNull(loops, "loops");
            return this;
        }

        /**
         * Makes the threads of pipes that block in the operating system: one for each direction, and one for a moment when
         * it is closed. By default they are daemons named {@code mutil-pipe-}.
         */
        public Builder threads(ThreadFactory threads) {
            this.threads = requireNonNull(threads, "threads");
            return this;
        }

        /**
         * Makes a pipe of the operating system and takes both of its ends: what one thread writes another reads. To let
         * the reader finish, use {@link Pipe#closeOutput} before the close, which drops what was not read.
         *
         * @throws IllegalArgumentException if event loops were given that are not of NIO
         * @throws IOException if the operating system has no descriptors left
         */
        public Pipe open() throws IOException {
            Settings settings = settings();
            return Pipe.over(Ends.ofNewPipe(settings, Loops.NIO), settings);
        }

        /**
         * Reads from a descriptor that this process was started with, 0 for standard input.
         *
         * <p>If Netty's native epoll is present and the descriptor is a pipe or a socket, an event loop waits for it;
         * otherwise a thread reads the same file under another number. In either case the descriptor belongs to the
         * pipe from now on, and its close closes it, with one exception: without the native library the JDK cannot close
         * numbers above 2, which stay open until the process ends. Do not give a number that the JVM opened for itself.
         * Nobody else should read from the same end meanwhile: if it blocks, whoever is second waits, and an event loop
         * with all its pipes.
         *
         * @throws IllegalArgumentException if the number is negative, or event loops were given that are not of epoll
         * @throws IOException if the descriptor is not open for reading
         */
        public Pipe readFrom(int descriptor) throws IOException {
            return descriptors(Descriptor.of(descriptor, true), null);
        }

        /**
         * Writes to a descriptor that this process was started with, 1 for standard output; as {@link #readFrom}.
         *
         * <p>Without the native library the reader of a pipe with a number above 2 finds the end of the stream only when
         * this process ends.
         *
         * @throws IllegalArgumentException if the number is negative, or event loops were given that are not of epoll
         * @throws IOException if the descriptor is not open for writing
         */
        public Pipe writeTo(int descriptor) throws IOException {
            return descriptors(null, Descriptor.of(descriptor, false));
        }

        /**
         * Reads from one descriptor and writes to another; {@code over(0, 1)} for a child that speaks frames with its
         * parent. Whatever else prints to standard output then must not: send it to standard error with
         * {@code System.setOut(System.err)}.
         *
         * @throws IllegalArgumentException if they are the same, one is negative, or event loops were given that are not of
         *     epoll
         * @throws IOException if one is not open for its direction; then both stay as they were
         */
        public Pipe over(int in, int out) throws IOException {
            if (in == out) {
                throw new IllegalArgumentException("the two directions need a descriptor each, were both " + in
                        + "; duplicate it, as a shell does with 8<&7");
            }
            return descriptors(Descriptor.of(in, true), Descriptor.of(out, false));
        }

        private Pipe descriptors(@Nullable Descriptor in, @Nullable Descriptor out) throws IOException {
            Settings settings = settings();
            return Pipe.over(Ends.ofDescriptors(in, out, settings, Epoll.LOOPS), settings);
        }

        /**
         * Reads from a stream, on a thread of its own. The stream belongs to the pipe and is closed with it.
         *
         * <p>Standard input is better read with {@code readFrom(0)}, which a close does not have to wait for.
         */
        public Pipe reading(InputStream in) {
            return streams(requireNonNull(in, "in"), null);
        }

        /** Writes to a stream, on a thread of its own. The stream belongs to the pipe and is closed with it. */
        public Pipe writing(OutputStream out) {
            return streams(null, requireNonNull(out, "out"));
        }

        /** As {@link #reading} and {@link #writing} at once. */
        public Pipe over(InputStream in, OutputStream out) {
            return streams(requireNonNull(in, "in"), requireNonNull(out, "out"));
        }

        private Pipe streams(@Nullable InputStream in, @Nullable OutputStream out) {
            Settings settings = settings();
            return Pipe.over(Ends.ofStreams(in, out, settings), settings);
        }

        /**
         * Reads from a FIFO, on a thread of its own. Returns at once; reads wait until somebody opens the FIFO for
         * writing. When all writers have closed it, that is the end of the stream.
         *
         * <p>Do not remove the FIFO before it is open at both ends or the pipe is closed: the thread could not be let go.
         *
         * @throws IOException if there is no FIFO at that path
         */
        public Pipe readFifo(Path path) throws IOException {
            return fifos(requireNonNull(path, "path"), null);
        }

        /**
         * Writes to a FIFO, on a thread of its own. Returns at once; what is written waits until somebody opens the FIFO
         * for reading. Otherwise as {@link #readFifo}. With several writers, frames of more than a few bytes may mix.
         *
         * @throws IOException if there is no FIFO at that path
         */
        public Pipe writeFifo(Path path) throws IOException {
            return fifos(null, requireNonNull(path, "path"));
        }

        /**
         * Reads from one FIFO and writes to another, as {@link #readFifo} and {@link #writeFifo}.
         *
         * @throws IOException if one of them is no FIFO
         */
        public Pipe over(Path in, Path out) throws IOException {
            return fifos(requireNonNull(in, "in"), requireNonNull(out, "out"));
        }

        private Pipe fifos(@Nullable Path in, @Nullable Path out) throws IOException {
            Settings settings = settings();
            return Pipe.over(Ends.ofFifos(in, out, settings), settings);
        }

        /** The standard streams of a child, and what to call it. */
        Pipe overChild(String name, InputStream in, OutputStream out) {
            Settings settings = settings();
            return Pipe.over(Ends.ofStreams(name, in, out, settings), settings);
        }

        Threads newThreads() {
            return new Threads(threads);
        }

        Settings settings() {
            return new Settings(
                    format, outboundQueueBytes, inboundBufferBytes, drainTimeout, allocator, newThreads(), eventLoops);
        }
    }
}
