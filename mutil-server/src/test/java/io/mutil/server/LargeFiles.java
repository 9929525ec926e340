package io.mutil.server;

import static java.util.Objects.requireNonNull;

import io.mutil.codec.FrameFormat;
import io.mutil.codec.IncomingFrame;
import io.mutil.codec.Transport;
import io.mutil.codec.internal.BlockingThreads;
import io.mutil.testkit.Eventually;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;

/** Moves a file between both ends of a connection in a JVM of its own, whose memory is a fraction of the file. */
final class LargeFiles {
    private static final int MIB = 1 << 20;
    private static final int INBOUND = 256 << 10;
    private static final FrameFormat LONG_FRAMES = FrameFormat.littleEndian(8).maxBytes(1L << 40);

    /** Where a range begins. */
    static final long FIRST = 256L * MIB + 1;

    /** How many bytes it has. */
    static final long RANGE = 512L * MIB + 1;

    /** How many bytes the receiver of a resumed file has. */
    static final long KEPT = 512L * MIB - 1;

    /** What becomes of the file. */
    enum Scenario {
        WHOLE,
        CHECKED,
        RANGE_OF_IT,
        RESUMED,
        /** Where frames have no kinds a file is one of them. */
        BARE,
        /** To a receiver that has no thread to write it before everything on the way is full. */
        HELD_UP,
        /** To a receiver that takes a piece only when the sender waits. */
        ALWAYS_SLOWER;

        private void run(Way way, Path source, Path target) throws Exception {
            FileToSend whole = FileToSend.of(source);
            switch (this) {
                case WHOLE -> send(way, whole, target);
                case CHECKED -> send(way, whole.sha256(), target);
                case RANGE_OF_IT -> send(way, whole.range(FIRST, RANGE), target);
                case RESUMED -> send(way, whole.resumeAt(KEPT).sha256(), target);
                case BARE -> sendBare(way, whole, target);
                case HELD_UP -> heldUp(way, source, target);
                case ALWAYS_SLOWER -> alwaysSlower(way, source, target);
            }
        }
    }

    private LargeFiles() {}

    /** The command that runs {@link #main} with so much heap, and so much memory beside it. */
    static List<String> command(String memory, Scenario scenario, Way way, Path source, Path target) {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElseThrow());
        command.addAll(List.of("-Xmx" + memory, "-XX:MaxDirectMemorySize=" + memory));
        command.addAll(List.of("-XX:+ExitOnOutOfMemoryError", "-XX:+UseSerialGC", "-cp"));
        command.add(System.getProperty("java.class.path"));
        command.add(LargeFiles.class.getName());
        command.addAll(List.of(scenario.name(), way.kind(), way.transport().name(), String.valueOf(way.tls())));
        command.addAll(List.of(source.toString(), target.toString()));
        return command;
    }

    public static void main(String[] arguments) throws Exception {
        Transport transport = Transport.available().stream()
                .filter(one -> one.name().equals(arguments[2]))
                .findFirst()
                .orElseThrow();
        var way = new Way(arguments[1], transport, Boolean.parseBoolean(arguments[3]));
        Scenario.valueOf(arguments[0]).run(way, Path.of(arguments[4]), Path.of(arguments[5]));
        System.out.println("done");
    }

    private static void send(Way way, FileToSend what, Path target) throws Exception {
        try (Pair pair = Pair.of(way, builder -> {})) {
            transfer(pair, what, target);
        }
    }

    private static void sendBare(Way way, FileToSend what, Path target) throws Exception {
        try (Pair pair = Pair.of(way, Handshake.MULTIPROCESSING, LONG_FRAMES)) {
            transfer(pair, what, target);
        }
    }

    private static void transfer(Pair pair, FileToSend what, Path target) throws Exception {
        var received = pair.right().receiveFileAsync(FileTarget.of(target));
        long sent = pair.left().sendFile(what);
        ReceivedFile file = requireNonNull(received.get());
        if (file.bytes() != sent || file.sha256().isPresent() != what.hasSha256()) {
            throw new AssertionError(sent + " bytes of " + what + " became " + file);
        }
    }

    private static void heldUp(Way way, Path source, Path target) throws Exception {
        var gate = new Gate();
        try (Pair pair = Pair.of(way, builder -> builder.executor(gate).inboundBufferBytes(INBOUND))) {
            gate.hold();
            var received = pair.right().receiveFileAsync(FileTarget.of(target));
            FutureTask<Long> sent = sending(pair, source);
            Eventually.until(
                    "both ends wait",
                    () -> pair.right().stats().unreadBytes() >= INBOUND
                            && pair.left().stats().queuedBytes() > 0);
            gate.open();
            requireNonNull(received.get());
            var unused = sent.get();
        }
    }

    private static FutureTask<Long> sending(Pair pair, Path source) {
        var sent = new FutureTask<>(() -> pair.left().sendFile(source));
        BlockingThreads.shared().execute(sent);
        return sent;
    }

    /** Threads that can be made to wait before they begin. */
    private static final class Gate implements Executor {
        private final Executor threads = BlockingThreads.shared();
        private volatile CountDownLatch way = new CountDownLatch(0);

        void hold() {
            way = new CountDownLatch(1);
        }

        void open() {
            way.countDown();
        }

        @Override
        public void execute(Runnable task) {
            threads.execute(() -> {
                try {
                    way.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                task.run();
            });
        }
    }

    private static void alwaysSlower(Way way, Path source, Path target) throws Exception {
        try (Pair pair = Pair.of(way, Handshake.MULTIPROCESSING, LONG_FRAMES);
                FileChannel out = FileChannel.open(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            FutureTask<Long> sent = sending(pair, source);
            try (IncomingFrame frame = requireNonNull(pair.right().next())) {
                while (frame.remaining() > 0) {
                    Eventually.until(
                            "the sender waits", () -> pair.left().stats().queuedBytes() > 0 || sent.isDone());
                    write(out, requireNonNull(frame.read()));
                }
            }
            var unused = sent.get();
        }
    }

    private static void write(FileChannel out, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            var unused = out.write(bytes);
        }
    }
}
