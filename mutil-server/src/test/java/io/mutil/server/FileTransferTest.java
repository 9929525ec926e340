package io.mutil.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mutil.codec.FrameFormat;
import io.mutil.codec.OutgoingFrame;
import io.mutil.codec.Transport;
import io.mutil.testkit.Eventually;
import io.mutil.testkit.LogLines;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files over every transport, with and without kinds of frames. */
@Timeout(60)
class FileTransferTest {
    private static final int MIB = 1 << 20;
    private static final FrameFormat FORMAT = FrameFormat.littleEndian(4);

    /** What a file goes through, and whether frames have kinds. */
    enum Via {
        TCP("tcp", false, Handshake.VERSION_2),
        UNIX("unix", false, Handshake.VERSION_2),
        TLS("tcp", true, Handshake.VERSION_2),
        WEBSOCKET("ws", false, Handshake.VERSION_2),
        WEBSOCKET_TLS("ws", true, Handshake.VERSION_2),
        BARE_TCP("tcp", false, Handshake.LEGACY),
        BARE_TLS("tcp", true, Handshake.LEGACY),
        BARE_WEBSOCKET("ws", false, Handshake.MULTIPROCESSING);

        private final String kind;
        private final boolean tls;
        private final Handshake handshake;

        Via(String kind, boolean tls, Handshake handshake) {
            this.kind = kind;
            this.tls = tls;
            this.handshake = handshake;
        }

        boolean typed() {
            return handshake == Handshake.VERSION_2;
        }

        Pair open() throws Exception {
            return open(typed() ? 16 * MIB : 64 * MIB);
        }

        Pair open(int maxPayload) throws Exception {
            return Pair.of(new Way(kind, Transport.best(), tls), handshake, FORMAT.maxBytes(maxPayload));
        }
    }

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path dir;

    @SuppressWarnings("NullAway.Init")
    private Path inbox;

    @BeforeEach
    void directories() throws IOException {
        inbox = Files.createDirectory(dir.resolve("inbox"));
    }

    private Path file(int bytes) throws IOException {
        return Files.write(dir.resolve("source-" + bytes), bytes(bytes));
    }

    private static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        new Random(count).nextBytes(bytes);
        return bytes;
    }

    private List<String> arrived() throws IOException {
        try (Stream<Path> files = Files.walk(inbox)) {
            return files.filter(Files::isRegularFile)
                    .map(p -> inbox.relativize(p).toString())
                    .sorted()
                    .toList();
        }
    }

    private FileTarget target() {
        return FileTarget.of(inbox.resolve("target"));
    }

    private static ReceivedFile get(CompletableFuture<ReceivedFile> future) throws Exception {
        ReceivedFile file = future.get(30, TimeUnit.SECONDS);
        if (file == null) {
            throw new AssertionError("the stream ended");
        }
        return file;
    }

    private static Throwable failure(CompletableFuture<?> future) {
        try {
            Object result = future.get(30, TimeUnit.SECONDS);
            throw new AssertionError("no failure but " + result);
        } catch (ExecutionException e) {
            return requireNonNull(e.getCause());
        } catch (Exception e) {
            return e;
        }
    }

    private static String closedWith(Connection connection) throws Exception {
        CloseReason reason = connection.closed().get(30, TimeUnit.SECONDS);
        return reason.code() + " " + reason.reason();
    }

    private static ByteBuffer read(Connection connection) throws Exception {
        return requireNonNull(connection.read(), "the stream ended");
    }

    static Stream<Arguments> waysAndSizes() {
        return Arrays.stream(Via.values())
                .flatMap(via ->
                        Stream.of(0, 1, MIB - 1, MIB, MIB + 1, 3 * MIB + 7).map(size -> Arguments.of(via, size)));
    }

    @ParameterizedTest
    @MethodSource("waysAndSizes")
    void arrivesAsItWasSent(Via via, int size) throws Exception {
        try (Pair pair = via.open()) {
            CompletableFuture<ReceivedFile> received = pair.right().receiveFileAsync(target());
            long sent = pair.left().sendFile(FileToSend.of(file(size)));

            ReceivedFile file = received.get(30, TimeUnit.SECONDS);
            assertThat(sent).isEqualTo(size);
            assertThat(file.bytes()).isEqualTo(size);
            assertThat(file.size()).isEqualTo(size);
            assertThat(file.path()).isEqualTo(inbox.resolve("target")).hasBinaryContent(bytes(size));
            assertThat(arrived()).containsExactly("target");
        }
    }

    @ParameterizedTest
    @EnumSource
    void blockingFormsDoTheSame(Via via) throws Exception {
        try (Pair pair = via.open()) {
            var sent = pair.left().sendFileAsync(FileToSend.of(file(MIB + 1)).prefix("name"));
            ReceivedFile file = requireNonNull(pair.right().receiveFile(target().prefixBytes(4)));
            assertThat(file.prefixText()).isEqualTo("name");
            assertThat(file.path()).hasBinaryContent(bytes(MIB + 1));
            assertThat(sent.get(30, TimeUnit.SECONDS)).isEqualTo(MIB + 1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void sendsARange(Via via) throws Exception {
        byte[] all = bytes(2 * MIB);
        try (Pair pair = via.open()) {
            for (long[] range :
                    new long[][] {{0, 0}, {0, 10}, {5, MIB + 3}, {MIB, MIB}, {2 * MIB, 0}, {2 * MIB - 1, 1}}) {
                var received = pair.right().receiveFileAsync(target());
                pair.left().sendFile(FileToSend.of(file(2 * MIB)).range(range[0], range[1]));

                assertThat(get(received).path())
                        .hasBinaryContent(Arrays.copyOfRange(all, (int) range[0], (int) (range[0] + range[1])));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = "BARE_.*", mode = EnumSource.Mode.MATCH_NONE)
    void resumesAndChecks(Via via) throws Exception {
        byte[] all = bytes(2 * MIB);
        try (Pair pair = via.open()) {
            for (int offset : new int[] {0, 1, MIB + 1, 2 * MIB}) {
                Files.write(inbox.resolve("target"), Arrays.copyOf(all, offset));
                var received = pair.right().receiveFileAsync(target());
                pair.left()
                        .sendFile(FileToSend.of(file(2 * MIB)).resumeAt(offset).sha256());

                ReceivedFile file = get(received);
                assertThat(file.path()).hasBinaryContent(all);
                assertThat(file.bytes()).isEqualTo(2 * MIB - offset);
                assertThat(file.size()).isEqualTo(2 * MIB);
                assertThat(file.sha256())
                        .hasValue(java.util.HexFormat.of()
                                .formatHex(Sha256.newDigest().digest(all)));
            }
            assertThat(arrived()).containsExactly("target");
        }
    }

    @ParameterizedTest
    @EnumSource(names = "BARE_.*", mode = EnumSource.Mode.MATCH_NONE)
    void resumesInARange(Via via) throws Exception {
        byte[] all = bytes(2 * MIB);
        try (Pair pair = via.open()) {
            Files.write(inbox.resolve("target"), Arrays.copyOfRange(all, 100, 150));
            var received = pair.right().receiveFileAsync(target());
            FileSender.send(
                    pair.left(),
                    FileToSend.of(file(2 * MIB)).range(100, MIB).resumeAt(50).sha256());

            assertThat(get(received).path()).hasBinaryContent(Arrays.copyOfRange(all, 100, 100 + MIB));
        }
    }

    private static Landing into(Directory directory) {
        return new Landing() {
            @Override
            public long maxBytes() {
                return Long.MAX_VALUE;
            }

            @Override
            public int prefixBytes() {
                return 0;
            }

            @Override
            public PartFile begin(ByteBuffer prefix, long offset, java.security.@Nullable MessageDigest digest)
                    throws IOException {
                return PartFile.begin(directory, "target", offset, digest);
            }
        };
    }

    @Test
    void senderOfTheRestDoesNotWaitForTheKeptBytes() throws Exception {
        byte[] all = bytes(32 * MIB);
        Files.write(inbox.resolve("target"), Arrays.copyOf(all, 100));
        var sent = new CompletableFuture<Long>();
        var directory = new ForwardingDirectory(new PathDirectory(inbox)) {
            @Override
            public FileChannel open(String name) throws IOException {
                sent.join();
                return super.open(name);
            }
        };
        try (Pair pair = Via.TCP.open()) {
            var received = FileReceiver.receiveAsync(pair.right(), into(directory));
            try {
                sent.complete(pair.left()
                        .sendFile(FileToSend.of(file(32 * MIB)).resumeAt(100).sha256()));
            } finally {
                sent.cancel(false);
            }

            assertThat(get(received).path()).hasBinaryContent(all);
        }
    }

    @Test
    void interruptWhileTheDiskIsWrittenIsAnInterrupt() throws Exception {
        Files.write(inbox.resolve("target"), new byte[1]);
        var directory = new ForwardingDirectory(new PathDirectory(inbox)) {
            @Override
            public FileChannel open(String name) throws IOException {
                FileChannel channel = super.open(name);
                Thread.currentThread().interrupt();
                return channel;
            }
        };
        try (Pair pair = Via.TCP.open()) {
            pair.left().sendFile(FileToSend.of(file(10)).resumeAt(1));

            assertThatThrownBy(() -> FileReceiver.receive(pair.right(), into(directory)))
                    .isInstanceOf(InterruptedException.class);
            assertThat(Thread.interrupted()).isFalse();
            assertThat(arrived()).containsExactly("target");
        }
    }

    @ParameterizedTest
    @EnumSource
    void receiveThatTimesOutIsGivenUp(Via via) throws Exception {
        try (Pair pair = via.open()) {
            var received = pair.right().receiveFileAsync(target());
            var sent = pair.left().sendFileAsync(FileToSend.of(file(64 * MIB - 1)));
            Eventually.until("part file", () -> !isEmpty(inbox));
            received.completeExceptionally(new TimeoutException());

            Eventually.until("no part stays", () -> isEmpty(inbox));
            assertThat(closedWith(pair.right())).startsWith("1001 the receiver gave up a file");
            sent.handle((v, e) -> null).get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void sendThatTimesOutIsGivenUp() throws Exception {
        try (Pair pair = Via.TCP.open()) {
            var sent = pair.left().sendFileAsync(FileToSend.of(file(16 * MIB)));
            Eventually.until("first bytes", () -> pair.right().stats().unreadBytes() > 0);
            sent.completeExceptionally(new TimeoutException());
            var received = pair.right().receiveFileAsync(target());

            assertThat(failure(received)).hasMessageContaining("the sender gave up the file");
            assertStillUsable(pair);
        }
    }

    @Test
    void checksumFindsThatTheKeptBytesAreOthers() throws Exception {
        try (Pair pair = Via.TCP.open()) {
            Files.write(inbox.resolve("target"), new byte[100]);
            var received = pair.right().receiveFileAsync(target());
            pair.left().sendFile(FileToSend.of(file(1000)).resumeAt(100).sha256());

            assertThat(failure(received)).isInstanceOf(IOException.class).hasMessageContaining("checksum");
            assertThat(inbox.resolve("target")).hasBinaryContent(new byte[100]);
            assertThat(arrived()).containsExactly("target");
            assertStillUsable(pair);
        }
    }

    @Test
    void refusesToResumeWhatDoesNotFitAndSaysSoToThePeer() throws Exception {
        try (Pair pair = Via.TCP.open()) {
            Files.write(inbox.resolve("target"), new byte[99]);
            var received = pair.right().receiveFileAsync(target());
            var sent = pair.left().sendFileAsync(FileToSend.of(file(4 * MIB)).resumeAt(100));

            assertThat(failure(received)).hasMessageContaining("resumed at byte 100, but the target has 99");
            assertThat(closedWith(pair.left())).startsWith("1008 resumed at byte 100");
            assertThat(arrived()).containsExactly("target");
            sent.handle((v, e) -> null).get(30, TimeUnit.SECONDS);
        }
    }

    private void assertStillUsable(Pair pair) throws Exception {
        pair.left().write(UTF_8.encode("still here"));
        ByteBuffer next = read(pair.right());
        assertThat(UTF_8.decode(next).toString()).isEqualTo("still here");
        assertThat(pair.left().closeReason()).isEmpty();
        assertThat(pair.right().closeReason()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void whatCannotBeSentFailsBeforeAnyByte(Via via) throws Exception {
        try (Pair pair = via.open()) {
            assertThat(failure(pair.left().sendFileAsync(FileToSend.of(dir.resolve("none")))))
                    .isInstanceOf(NoSuchFileException.class);
            assertThat(failure(pair.left().sendFileAsync(FileToSend.of(dir))))
                    .isInstanceOf(FileSystemException.class)
                    .hasMessageContaining("a directory cannot be sent");
            assertThat(failure(pair.left().sendFileAsync(FileToSend.of(Path.of("/dev/zero")))))
                    .hasMessageContaining("something else than a file");
            assertThat(failure(pair.left().sendFileAsync(FileToSend.of(file(10)).range(5, 6))))
                    .hasMessageContaining("range from 5 length 6 ends beyond its 10 bytes");
            assertThat(failure(pair.left().sendFileAsync(FileToSend.of(file(10)).range(5, Long.MAX_VALUE))))
                    .hasMessageContaining("ends beyond its 10 bytes");
            if (via.typed()) {
                assertThat(failure(pair.left()
                                .sendFileAsync(FileToSend.of(file(10)).resumeAt(11))))
                        .hasMessageContaining("cannot be resumed at 11, there are 10 bytes");
            }
            assertStillUsable(pair);
        }
    }

    @Test
    void whatNeedsKindsSaysSo() throws Exception {
        try (Pair pair = Via.BARE_TCP.open()) {
            assertThatThrownBy(
                            () -> pair.left().sendFileAsync(FileToSend.of(dir).sha256()))
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageContaining("checksum needs Handshake.VERSION_2");
            assertThatThrownBy(() -> pair.left().sendFile(FileToSend.of(dir).resumeAt(1)))
                    .hasMessageContaining("resuming needs Handshake.VERSION_2");
            assertThatThrownBy(() -> FileRoot.of(inbox).receive(pair.right()))
                    .hasMessageContaining("names of files need Handshake.VERSION_2");
        }
    }

    @Test
    void fileBeyondTheLimitOfABareFrameFailsBeforeAnyByte() throws Exception {
        try (Pair pair = Via.BARE_TCP.open(100)) {
            assertThat(failure(pair.left().sendFileAsync(FileToSend.of(file(101)))))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("one frame with this handshake")
                    .hasMessageContaining("101");
            assertStillUsable(pair);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void piecesFitIntoTheFramesOfThePeer(boolean regions) throws Exception {
        Via via = regions ? Via.TCP : Via.TLS;
        try (Pair pair = via.open(100)) {
            var received = pair.right().receiveFileAsync(target());
            pair.left().sendFile(FileToSend.of(file(10_001)).sha256());

            assertThat(get(received).path()).hasBinaryContent(bytes(10_001));
            assertThat(failure(pair.left().sendFileAsync(FileToSend.of(file(1)).prefix("x".repeat(84)))))
                    .hasMessageContaining("exceeds the longest frame of the peer, 100");
            assertStillUsable(pair);
        }
    }

    @ParameterizedTest
    @EnumSource
    void othersKeepTheirOrderAroundAFile(Via via) throws Exception {
        try (Pair pair = via.open()) {
            var before = pair.left().writeAsync(UTF_8.encode("before"));
            var sent = pair.left().sendFileAsync(FileToSend.of(file(5 * MIB)));
            var after = pair.left().writeAsync(UTF_8.encode("after"));

            assertThat(UTF_8.decode(read(pair.right())).toString()).isEqualTo("before");
            var received = pair.right().receiveFileAsync(target());
            // asked for while the file arrives, and served behind it
            var next = pair.right().readAsync();
            assertThat(UTF_8.decode(next.get(30, TimeUnit.SECONDS)).toString()).isEqualTo("after");
            assertThat(get(received).path()).hasBinaryContent(bytes(5 * MIB));
            CompletableFuture.allOf(before, sent, after).get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void fileIsOpenedWhenItsTurnHasCome() throws Exception {
        Path later = dir.resolve("later");
        try (Pair pair = Via.TCP.open()) {
            var first = pair.left().sendFileAsync(FileToSend.of(file(16 * MIB)));
            Eventually.until("first bytes", () -> pair.right().stats().unreadBytes() > 0);
            var second = pair.left().sendFileAsync(FileToSend.of(later));
            Files.write(later, bytes(10));

            assertThat(requireNonNull(pair.right().receiveFile(target())).size())
                    .isEqualTo(16 * MIB);
            assertThat(requireNonNull(pair.right().receiveFile(target())).path())
                    .hasBinaryContent(bytes(10));
            CompletableFuture.allOf(first, second).get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void noMoreThanSoManyFilesWait() throws Exception {
        try (Pair pair = Via.TCP.open()) {
            var first = pair.left().sendFileAsync(FileToSend.of(file(16 * MIB)));
            Path small = file(10);
            for (int i = 1; i < 64; i++) {
                var unused = pair.left().sendFileAsync(FileToSend.of(small));
            }

            assertThat(failure(pair.left().sendFileAsync(FileToSend.of(small))))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("64 files wait");
            assertThat(requireNonNull(pair.right().receiveFile(target())).size())
                    .isEqualTo(16 * MIB);
            first.get(30, TimeUnit.SECONDS);
            var last = pair.left().sendFileAsync(FileToSend.of(small));
            for (int i = 0; i < 64; i++) {
                assertThat(requireNonNull(pair.right().receiveFile(target())).size())
                        .isEqualTo(10);
            }
            assertThat(last.get(30, TimeUnit.SECONDS)).isEqualTo(10);
        }
    }

    @ParameterizedTest
    @EnumSource
    void shrinkingFileClosesTheConnectionWithTheReason(Via via) throws Exception {
        Path source = file(16 * MIB);
        try (Pair pair = via.open()) {
            // nobody reads yet, so only a part of it can have left
            var sent = pair.left().sendFileAsync(FileToSend.of(source));
            Eventually.until("first bytes", () -> pair.right().stats().unreadBytes() > 0);
            try (FileChannel channel = FileChannel.open(source, StandardOpenOption.WRITE)) {
                channel.truncate(100);
            }
            var received = pair.right().receiveFileAsync(target());

            assertThat(failure(sent))
                    .isInstanceOf(FileSystemException.class)
                    .hasMessageContaining("shrank to 100 bytes while it was sent up to byte " + 16 * MIB);
            assertThat(failure(received)).isInstanceOf(IOException.class);
            assertThat(closedWith(pair.left())).isEqualTo("1011 the file could not be read to its end");
            Eventually.until("no part stays", () -> isEmpty(inbox));
        }
    }

    private static boolean isEmpty(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.findAny().isEmpty();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @EnumSource
    void growingFileIsCutAtTheAnnouncedSize(Via via) throws Exception {
        Path source = file(8 * MIB);
        try (Pair pair = via.open()) {
            var sent = pair.left().sendFileAsync(FileToSend.of(source));
            Eventually.until("first bytes", () -> pair.right().stats().unreadBytes() > 0);
            Files.write(source, new byte[MIB], StandardOpenOption.APPEND);
            var received = pair.right().receiveFileAsync(target());

            assertThat(sent.get(30, TimeUnit.SECONDS)).isEqualTo(8 * MIB);
            assertThat(get(received).path()).hasBinaryContent(bytes(8 * MIB));
            assertStillUsable(pair);
        }
    }

    @ParameterizedTest
    @EnumSource(names = "BARE_.*", mode = EnumSource.Mode.MATCH_NONE)
    void cancelledSendEndsTheFileAndNothingElse(Via via) throws Exception {
        try (Pair pair = via.open()) {
            var sent = pair.left().sendFileAsync(FileToSend.of(file(16 * MIB)));
            Eventually.until("first bytes", () -> pair.right().stats().unreadBytes() > 0);
            assertThat(sent.cancel(false)).isTrue();
            var received = pair.right().receiveFileAsync(target());

            assertThat(failure(received))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("the sender gave up the file");
            assertThat(arrived()).isEmpty();
            assertStillUsable(pair);
        }
    }

    @ParameterizedTest
    @EnumSource
    void cancelledReceiveLeavesNothing(Via via) throws Exception {
        try (Pair pair = via.open()) {
            var received = pair.right().receiveFileAsync(target());
            Path source = file(64 * MIB - 1);
            var sent = pair.left().sendFileAsync(FileToSend.of(source));
            Eventually.until("part file", () -> !isEmpty(inbox));
            received.cancel(false);

            Eventually.until("no part stays", () -> isEmpty(inbox));
            assertThat(closedWith(pair.right())).startsWith("1001 the receiver gave up a file");
            sent.handle((v, e) -> null).get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void cancelledBeforeTheFileComesCostsNothing() throws Exception {
        try (Pair pair = Via.TCP.open()) {
            pair.right().receiveFileAsync(target()).cancel(false);

            assertStillUsable(pair);
        }
    }

    /** Without kinds, a file is a frame that anybody may have begun to read. */
    @Test
    void fileBeginsWithWhatACancelledReadHadGathered() throws Exception {
        byte[] content = bytes(2_000_000);
        try (Pair pair = Via.BARE_TCP.open();
                OutgoingFrame frame = pair.left().open(content.length)) {
            frame.write(ByteBuffer.wrap(content, 0, 1000));
            var read = pair.right().readAsync();
            Eventually.until(
                    "the beginning gathered",
                    () -> pair.right().stats().bytesIn() == 1004
                            && pair.right().stats().unreadBytes() == 0);
            read.cancel(false);
            var received = pair.right().receiveFileAsync(target().prefixBytes(10));
            frame.write(ByteBuffer.wrap(content, 1000, content.length - 1000));

            assertThat(get(received).prefix()).isEqualTo(ByteBuffer.wrap(content, 0, 10));
            assertThat(Files.readAllBytes(inbox.resolve("target")))
                    .isEqualTo(Arrays.copyOfRange(content, 10, content.length));
        }
    }

    @Test
    void somethingElseThanAFileStaysForItsReader() throws Exception {
        try (Pair pair = Via.TCP.open()) {
            pair.left().write(UTF_8.encode("data"));

            assertThat(failure(pair.right().receiveFileAsync(target()))).hasMessageContaining("a frame comes next");
            assertThat(UTF_8.decode(read(pair.right())).toString()).isEqualTo("data");
            assertThat(arrived()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void endOfTheStreamIsNoFile(Via via) throws Exception {
        try (Pair pair = via.open()) {
            var received = pair.right().receiveFileAsync(target());
            pair.left().close();

            assertThat(received.get(30, TimeUnit.SECONDS)).isNull();
            assertThat(arrived()).isEmpty();
        }
    }

    /** Larger than what is held between the stream and the disk, so that it cannot be taken off the stream at once. */
    @ParameterizedTest
    @ValueSource(ints = {10, 3 * MIB})
    void fileThatHasArrivedIsReceivedWhenTheLoopHasEnded(int size) throws Exception {
        try (Pair pair = Pair.of(
                Way.tcp(),
                builder -> builder.handshake(Handshake.VERSION_2)
                        .inboundBufferBytes(8 * MIB)
                        .drainTimeout(Duration.ofMillis(100)))) {
            pair.left().sendFile(FileToSend.of(file(size)));
            Eventually.until("all of it has arrived", () -> pair.right().stats().unreadBytes() > size);
            pair.left().close();
            Eventually.until(
                    "the loop has ended",
                    () -> pair.right().channel().eventLoop().isTerminated());

            assertThat(get(pair.right().receiveFileAsync(target())).path()).hasBinaryContent(bytes(size));
        }
    }

    @ParameterizedTest
    @EnumSource
    void peerThatGoesInTheMiddleLeavesNothing(Via via) throws Exception {
        try (Pair pair = via.open()) {
            var received = pair.right().receiveFileAsync(target());
            var sent = pair.left().sendFileAsync(FileToSend.of(file(32 * MIB)));
            Eventually.until("part file", () -> !isEmpty(inbox));
            pair.left().channel().close().sync();

            assertThat(failure(received)).isInstanceOf(IOException.class);
            assertThat(arrived()).isEmpty();
            sent.handle((v, e) -> null).get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void longerFileThanAcceptedIsRefusedBeforeItIsWritten() throws Exception {
        try (Pair pair = Via.TCP.open()) {
            var received = pair.right().receiveFileAsync(target().maxBytes(999));
            var sent = pair.left().sendFileAsync(FileToSend.of(file(1000)));

            assertThat(failure(received)).hasMessageContaining("file of 1000 bytes exceeds maxBytes 999");
            assertThat(arrived()).isEmpty();
            assertThat(closedWith(pair.left())).isEqualTo("1009 file of 1000 bytes exceeds maxBytes 999");
            sent.handle((v, e) -> null).get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void rootTakesNamesFromThePeer() throws Exception {
        FileRoot root = FileRoot.of(inbox);
        try (Pair pair = Via.TCP.open()) {
            for (String name : List.of("a.txt", "2026/b.txt")) {
                var received = root.receiveAsync(pair.right());
                pair.left().sendFile(FileToSend.of(file(10)).prefix(name));
                assertThat(get(received).path())
                        .isEqualTo(inbox.toRealPath().resolve(name))
                        .hasBinaryContent(bytes(10));
            }
        }
        assertThat(arrived()).containsExactly("2026/b.txt", "a.txt");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../evil", "/tmp/evil", "a/../../evil", "", "a\0b", "link/evil", "C:\\evil"})
    void rootRefusesNamesThatLeaveIt(String name) throws Exception {
        Path outside = Files.createDirectory(dir.resolve("outside"));
        Files.createSymbolicLink(inbox.resolve("link"), outside);
        FileRoot root = FileRoot.of(inbox);
        try (LogLines log = LogLines.of(FileReceiver.class, Level.WARNING);
                Pair pair = Via.TCP.open()) {
            var received = root.receiveAsync(pair.right());
            var sent = pair.left().sendFileAsync(FileToSend.of(file(8 * MIB)).prefix(name));

            assertThat(failure(received))
                    .isInstanceOf(FileSystemException.class)
                    .hasMessageContaining("refused");
            assertThat(log.at(Level.WARNING)).singleElement().asString().contains("the name is refused");
            assertThat(closedWith(pair.left())).startsWith("1008 the name is refused");
            sent.handle((v, e) -> null).get(30, TimeUnit.SECONDS);
        }
        assertThat(arrived()).isEmpty();
        assertThat(dir.resolve("evil")).doesNotExist();
        assertThat(outside).isEmptyDirectory();
    }

    @ParameterizedTest
    @EnumSource
    void fullDiskFailsTheReceiverAndClosesTheConnection(Via via) throws Exception {
        Landing disk = into(new FullDisk(new PathDirectory(inbox), 300_000, false));
        try (Pair pair = via.open()) {
            var received = FileReceiver.receiveAsync(pair.right(), disk);
            var sent = pair.left().sendFileAsync(FileToSend.of(file(32 * MIB)));

            assertThat(failure(received)).hasMessageContaining(FullDisk.MESSAGE).hasMessageContaining("target");
            assertThat(arrived()).isEmpty();
            assertThat(closedWith(pair.right())).isEqualTo("1011 the file could not be stored");
            if (via.typed()) {
                assertThat(closedWith(pair.left())).isEqualTo("1011 the file could not be stored");
            }
            sent.handle((v, e) -> null).get(30, TimeUnit.SECONDS);
        }
    }
}
