package io.mutil.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mutil.codec.FrameFormat;
import io.mutil.codec.internal.FrameReading;
import io.mutil.codec.internal.Framing;
import io.mutil.testkit.Eventually;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
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

/** Files between two ends that are there already. */
@Timeout(60)
class FileTransferTest {
    private static final int MIB = 1 << 20;
    private static final FrameFormat FORMAT = FrameFormat.littleEndian(4);

    /** How the bytes get from the file to the wire, and how they are framed. */
    enum Way {
        TYPED_REGIONS(true, true),
        TYPED_CHUNKS(true, false),
        BARE_REGIONS(false, true),
        BARE_CHUNKS(false, false);

        final boolean typed;
        final boolean regions;

        Way(boolean typed, boolean regions) {
            this.typed = typed;
            this.regions = regions;
        }

        CarrierPair open() throws Exception {
            return open(16 * MIB);
        }

        CarrierPair open(int maxPayload) throws Exception {
            FrameFormat format = FORMAT.maxBytes(typed ? maxPayload : 64 * MIB);
            var pair = new CarrierPair(typed ? Framing.typed(format) : Framing.bare(format), maxPayload);
            if (!regions) {
                pair.withoutRegions();
            }
            return pair;
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

    static Stream<Arguments> waysAndSizes() {
        return Arrays.stream(Way.values())
                .flatMap(way ->
                        Stream.of(0, 1, MIB - 1, MIB, MIB + 1, 3 * MIB + 7).map(size -> Arguments.of(way, size)));
    }

    @ParameterizedTest
    @MethodSource("waysAndSizes")
    void arrivesAsItWasSent(Way way, int size) throws Exception {
        try (CarrierPair pair = way.open()) {
            CompletableFuture<ReceivedFile> received = FileReceiver.receiveAsync(pair.right, target().landing());
            long sent = FileSender.send(pair.left, FileToSend.of(file(size)));

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
    void blockingFormsDoTheSame(Way way) throws Exception {
        try (CarrierPair pair = way.open()) {
            var sent =
                    FileSender.sendAsync(pair.left, FileToSend.of(file(MIB + 1)).prefix("name"));
            ReceivedFile file = requireNonNull(
                    FileReceiver.receive(pair.right, target().prefixBytes(4).landing()));
            assertThat(file.prefixText()).isEqualTo("name");
            assertThat(file.path()).hasBinaryContent(bytes(MIB + 1));
            assertThat(sent.get(30, TimeUnit.SECONDS)).isEqualTo(MIB + 1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void sendsARange(Way way) throws Exception {
        byte[] all = bytes(2 * MIB);
        try (CarrierPair pair = way.open()) {
            for (long[] range :
                    new long[][] {{0, 0}, {0, 10}, {5, MIB + 3}, {MIB, MIB}, {2 * MIB, 0}, {2 * MIB - 1, 1}}) {
                var received = FileReceiver.receiveAsync(pair.right, target().landing());
                FileSender.send(pair.left, FileToSend.of(file(2 * MIB)).range(range[0], range[1]));

                assertThat(get(received).path())
                        .hasBinaryContent(Arrays.copyOfRange(all, (int) range[0], (int) (range[0] + range[1])));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = "TYPED_.*", mode = EnumSource.Mode.MATCH_ALL)
    void resumesAndChecks(Way way) throws Exception {
        byte[] all = bytes(2 * MIB);
        try (CarrierPair pair = way.open()) {
            for (int offset : new int[] {0, 1, MIB + 1, 2 * MIB}) {
                Files.write(inbox.resolve("target"), Arrays.copyOf(all, offset));
                var received = FileReceiver.receiveAsync(pair.right, target().landing());
                FileSender.send(
                        pair.left, FileToSend.of(file(2 * MIB)).resumeAt(offset).sha256());

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
    @EnumSource(names = "TYPED_.*", mode = EnumSource.Mode.MATCH_ALL)
    void resumesInARange(Way way) throws Exception {
        byte[] all = bytes(2 * MIB);
        try (CarrierPair pair = way.open()) {
            Files.write(inbox.resolve("target"), Arrays.copyOfRange(all, 100, 150));
            var received = FileReceiver.receiveAsync(pair.right, target().landing());
            FileSender.send(
                    pair.left,
                    FileToSend.of(file(2 * MIB)).range(100, MIB).resumeAt(50).sha256());

            assertThat(get(received).path()).hasBinaryContent(Arrays.copyOfRange(all, 100, 100 + MIB));
        }
    }

    @Test
    void checksumFindsThatTheKeptBytesAreOthers() throws Exception {
        try (CarrierPair pair = Way.TYPED_REGIONS.open()) {
            Files.write(inbox.resolve("target"), new byte[100]);
            var received = FileReceiver.receiveAsync(pair.right, target().landing());
            FileSender.send(pair.left, FileToSend.of(file(1000)).resumeAt(100).sha256());

            assertThat(failure(received)).isInstanceOf(IOException.class).hasMessageContaining("checksum");
            assertThat(inbox.resolve("target")).hasBinaryContent(new byte[100]);
            assertThat(arrived()).containsExactly("target");
            assertStillUsable(pair);
        }
    }

    @Test
    void refusesToResumeWhatDoesNotFitAndSaysSoToThePeer() throws Exception {
        try (CarrierPair pair = Way.TYPED_REGIONS.open()) {
            Files.write(inbox.resolve("target"), new byte[99]);
            var received = FileReceiver.receiveAsync(pair.right, target().landing());
            var sent =
                    FileSender.sendAsync(pair.left, FileToSend.of(file(4 * MIB)).resumeAt(100));

            assertThat(failure(received)).hasMessageContaining("resumed at byte 100, but the target has 99");
            assertThat(pair.closedWith).singleElement().asString().startsWith("1008 resumed at byte 100");
            assertThat(arrived()).containsExactly("target");
            sent.handle((v, e) -> null).get(30, TimeUnit.SECONDS);
        }
    }

    private void assertStillUsable(CarrierPair pair) throws Exception {
        pair.left.outbox().write(Kinds.DATA, UTF_8.encode("still here"));
        ByteBuffer next = pair.right.inbox().await(FrameReading.whole());
        assertThat(UTF_8.decode(next).toString()).isEqualTo("still here");
        assertThat(pair.closedWith).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void whatCannotBeSentFailsBeforeAnyByte(Way way) throws Exception {
        try (CarrierPair pair = way.open()) {
            assertThat(failure(FileSender.sendAsync(pair.left, FileToSend.of(dir.resolve("none")))))
                    .isInstanceOf(NoSuchFileException.class);
            assertThat(failure(FileSender.sendAsync(pair.left, FileToSend.of(dir))))
                    .isInstanceOf(FileSystemException.class)
                    .hasMessageContaining("a directory cannot be sent");
            assertThat(failure(FileSender.sendAsync(pair.left, FileToSend.of(Path.of("/dev/zero")))))
                    .hasMessageContaining("something else than a file");
            assertThat(failure(FileSender.sendAsync(
                            pair.left, FileToSend.of(file(10)).range(5, 6))))
                    .hasMessageContaining("range from 5 length 6 ends beyond its 10 bytes");
            assertThat(failure(FileSender.sendAsync(
                            pair.left, FileToSend.of(file(10)).range(5, Long.MAX_VALUE))))
                    .hasMessageContaining("ends beyond its 10 bytes");
            if (way.typed) {
                assertThat(failure(FileSender.sendAsync(
                                pair.left, FileToSend.of(file(10)).resumeAt(11))))
                        .hasMessageContaining("cannot be resumed at 11, there are 10 bytes");
            }
            assertStillUsable(pair);
        }
    }

    @Test
    void whatNeedsKindsSaysSo() throws Exception {
        try (CarrierPair pair = Way.BARE_REGIONS.open()) {
            assertThatThrownBy(() ->
                            FileSender.sendAsync(pair.left, FileToSend.of(dir).sha256()))
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageContaining("checksum needs Handshake.VERSION_2");
            assertThatThrownBy(
                            () -> FileSender.send(pair.left, FileToSend.of(dir).resumeAt(1)))
                    .hasMessageContaining("resuming needs Handshake.VERSION_2");
            assertThatThrownBy(() -> FileRoot.of(inbox).landing(pair.right.typed()))
                    .hasMessageContaining("names of files need Handshake.VERSION_2");
        }
    }

    @Test
    void fileBeyondTheLimitOfABareFrameFailsBeforeAnyByte() throws Exception {
        var pair = new CarrierPair(Framing.bare(FORMAT.maxBytes(100)), 100);
        try (pair) {
            assertThat(failure(FileSender.sendAsync(pair.left, FileToSend.of(file(101)))))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("one frame with this handshake")
                    .hasMessageContaining("101");
            assertStillUsable(pair);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void piecesFitIntoTheFramesOfThePeer(boolean regions) throws Exception {
        Way way = regions ? Way.TYPED_REGIONS : Way.TYPED_CHUNKS;
        try (CarrierPair pair = way.open(100)) {
            var received = FileReceiver.receiveAsync(pair.right, target().landing());
            FileSender.send(pair.left, FileToSend.of(file(10_001)).sha256());

            assertThat(get(received).path()).hasBinaryContent(bytes(10_001));
            assertThat(failure(FileSender.sendAsync(
                            pair.left, FileToSend.of(file(1)).prefix("x".repeat(84)))))
                    .hasMessageContaining("exceeds the longest frame of the peer, 100");
            assertStillUsable(pair);
        }
    }

    @ParameterizedTest
    @EnumSource
    void othersKeepTheirOrderAroundAFile(Way way) throws Exception {
        try (CarrierPair pair = way.open()) {
            var before = pair.left.outbox().writeAsync(Kinds.DATA, UTF_8.encode("before"));
            var sent = FileSender.sendAsync(pair.left, FileToSend.of(file(5 * MIB)));
            var after = pair.left.outbox().writeAsync(Kinds.DATA, UTF_8.encode("after"));

            assertThat(UTF_8.decode(pair.right.inbox().await(FrameReading.whole()))
                            .toString())
                    .isEqualTo("before");
            var received = FileReceiver.receiveAsync(pair.right, target().landing());
            // asked for while the file arrives, and served behind it
            var next = pair.right.inbox().submit(FrameReading.whole());
            assertThat(UTF_8.decode(next.get(30, TimeUnit.SECONDS)).toString()).isEqualTo("after");
            assertThat(get(received).path()).hasBinaryContent(bytes(5 * MIB));
            CompletableFuture.allOf(before, sent, after).get(30, TimeUnit.SECONDS);
        }
    }

    @ParameterizedTest
    @EnumSource
    void shrinkingFileClosesTheConnectionWithTheReason(Way way) throws Exception {
        Path source = file(16 * MIB);
        try (CarrierPair pair = way.open()) {
            // nobody reads yet, so only a part of it can have left
            var sent = FileSender.sendAsync(pair.left, FileToSend.of(source));
            Eventually.until("first bytes", () -> pair.right.inbox().bufferedBytes() > 0);
            try (FileChannel channel = FileChannel.open(source, StandardOpenOption.WRITE)) {
                channel.truncate(100);
            }
            var received = FileReceiver.receiveAsync(pair.right, target().landing());

            assertThat(failure(sent))
                    .isInstanceOf(FileSystemException.class)
                    .hasMessageContaining("shrank to 100 bytes while it was sent up to byte " + 16 * MIB);
            assertThat(failure(received)).isInstanceOf(IOException.class);
            assertThat(pair.closedWith).first().asString().isEqualTo("1011 the file could not be read to its end");
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
    void growingFileIsCutAtTheAnnouncedSize(Way way) throws Exception {
        Path source = file(8 * MIB);
        try (CarrierPair pair = way.open()) {
            var sent = FileSender.sendAsync(pair.left, FileToSend.of(source));
            Eventually.until("first bytes", () -> pair.right.inbox().bufferedBytes() > 0);
            Files.write(source, new byte[MIB], StandardOpenOption.APPEND);
            var received = FileReceiver.receiveAsync(pair.right, target().landing());

            assertThat(sent.get(30, TimeUnit.SECONDS)).isEqualTo(8 * MIB);
            assertThat(get(received).path()).hasBinaryContent(bytes(8 * MIB));
            assertStillUsable(pair);
        }
    }

    @ParameterizedTest
    @EnumSource(names = "TYPED_.*", mode = EnumSource.Mode.MATCH_ALL)
    void cancelledSendEndsTheFileAndNothingElse(Way way) throws Exception {
        try (CarrierPair pair = way.open()) {
            var sent = FileSender.sendAsync(pair.left, FileToSend.of(file(16 * MIB)));
            Eventually.until("first bytes", () -> pair.right.inbox().bufferedBytes() > 0);
            assertThat(sent.cancel(false)).isTrue();
            var received = FileReceiver.receiveAsync(pair.right, target().landing());

            assertThat(failure(received))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("the sender gave up the file");
            assertThat(arrived()).isEmpty();
            assertStillUsable(pair);
        }
    }

    @ParameterizedTest
    @EnumSource
    void cancelledReceiveLeavesNothing(Way way) throws Exception {
        try (CarrierPair pair = way.open()) {
            var received = FileReceiver.receiveAsync(pair.right, target().landing());
            Path source = file(64 * MIB - 1);
            var sent = FileSender.sendAsync(pair.left, FileToSend.of(source));
            Eventually.until("part file", () -> !isEmpty(inbox));
            received.cancel(false);

            Eventually.until("no part stays", () -> isEmpty(inbox));
            assertThat(pair.closedWith).first().asString().startsWith("1001 the receiver gave up a file");
            sent.handle((v, e) -> null).get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void cancelledBeforeTheFileComesCostsNothing() throws Exception {
        try (CarrierPair pair = Way.TYPED_REGIONS.open()) {
            FileReceiver.receiveAsync(pair.right, target().landing()).cancel(false);

            assertStillUsable(pair);
        }
    }

    @Test
    void somethingElseThanAFileStaysForItsReader() throws Exception {
        try (CarrierPair pair = Way.TYPED_REGIONS.open()) {
            pair.left.outbox().write(Kinds.DATA, UTF_8.encode("data"));

            assertThat(failure(FileReceiver.receiveAsync(pair.right, target().landing())))
                    .hasMessageContaining("kind 0 comes next");
            assertThat(UTF_8.decode(pair.right.inbox().await(FrameReading.whole()))
                            .toString())
                    .isEqualTo("data");
            assertThat(arrived()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void endOfTheStreamIsNoFile(Way way) throws Exception {
        try (CarrierPair pair = way.open()) {
            var received = FileReceiver.receiveAsync(pair.right, target().landing());
            pair.left.channel().close().sync();

            assertThat(received.get(30, TimeUnit.SECONDS)).isNull();
            assertThat(arrived()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void peerThatGoesInTheMiddleLeavesNothing(Way way) throws Exception {
        try (CarrierPair pair = way.open()) {
            var received = FileReceiver.receiveAsync(pair.right, target().landing());
            var sent = FileSender.sendAsync(pair.left, FileToSend.of(file(32 * MIB)));
            Eventually.until("part file", () -> !isEmpty(inbox));
            pair.left.channel().close().sync();

            assertThat(failure(received)).isInstanceOf(IOException.class);
            assertThat(arrived()).isEmpty();
            sent.handle((v, e) -> null).get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void longerFileThanAcceptedIsRefusedBeforeItIsWritten() throws Exception {
        try (CarrierPair pair = Way.TYPED_REGIONS.open()) {
            var received =
                    FileReceiver.receiveAsync(pair.right, target().maxBytes(999).landing());
            var sent = FileSender.sendAsync(pair.left, FileToSend.of(file(1000)));

            assertThat(failure(received)).hasMessageContaining("file of 1000 bytes exceeds maxBytes 999");
            assertThat(arrived()).isEmpty();
            assertThat(pair.closedWith).containsExactly("1009 file of 1000 bytes exceeds maxBytes 999");
            sent.handle((v, e) -> null).get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void rootTakesNamesFromThePeer() throws Exception {
        FileRoot root = FileRoot.of(inbox);
        try (CarrierPair pair = Way.TYPED_REGIONS.open()) {
            for (String name : List.of("a.txt", "2026/b.txt")) {
                var received = FileReceiver.receiveAsync(pair.right, root.landing(true));
                FileSender.send(pair.left, FileToSend.of(file(10)).prefix(name));
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
        try (CarrierPair pair = Way.TYPED_REGIONS.open()) {
            var received = FileReceiver.receiveAsync(pair.right, root.landing(true));
            var sent =
                    FileSender.sendAsync(pair.left, FileToSend.of(file(8 * MIB)).prefix(name));

            assertThat(failure(received))
                    .isInstanceOf(FileSystemException.class)
                    .hasMessageContaining("refused");
            assertThat(pair.closedWith).first().asString().startsWith("1008 the name is refused");
            sent.handle((v, e) -> null).get(30, TimeUnit.SECONDS);
        }
        assertThat(arrived()).isEmpty();
        assertThat(dir.resolve("evil")).doesNotExist();
        assertThat(outside).isEmptyDirectory();
    }

    @ParameterizedTest
    @EnumSource
    void fullDiskFailsTheReceiverAndClosesTheConnection(Way way) throws Exception {
        var disk = new Landing() {
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
                return PartFile.begin(new FullDisk(new PathDirectory(inbox), 300_000, false), "target", offset, digest);
            }
        };
        try (CarrierPair pair = way.open()) {
            var received = FileReceiver.receiveAsync(pair.right, disk);
            var sent = FileSender.sendAsync(pair.left, FileToSend.of(file(32 * MIB)));

            assertThat(failure(received)).hasMessageContaining(FullDisk.MESSAGE).hasMessageContaining("target");
            assertThat(arrived()).isEmpty();
            assertThat(pair.closedWith).first().asString().isEqualTo("1011 the file could not be stored");
            sent.handle((v, e) -> null).get(30, TimeUnit.SECONDS);
        }
    }
}
