package io.mutil.wproxy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mutil.codec.Transport;
import io.mutil.server.CloseReason;
import io.mutil.testkit.Eventually;
import io.mutil.testkit.LogLines;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ReplayUpstreamTest {
    private static final long SECOND = 1_000_000_000;

    private final AtomicLong time = new AtomicLong();
    private final ManualPace pace = new ManualPace();
    private final Receiver receiver = new Receiver();

    /** Writes down what it gets. */
    private static final class Receiver implements UpstreamReceiver {
        private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        private final BlockingQueue<String> got = new LinkedBlockingQueue<>();

        @Override
        public void onMessage(boolean text, ByteBuf payload) {
            got.add((text ? "text " : "binary ") + payload.toString(UTF_8));
        }

        @Override
        public void onGap(@Nullable String key, long missed) {
            got.add("gap " + key + " " + missed);
        }

        @Override
        public void onClose(CloseReason reason) {
            got.add("closed " + reason);
        }

        @Override
        public EventLoopGroup eventLoops() {
            return loops;
        }

        @Override
        public Transport transport() {
            return Transport.nio();
        }

        String next() throws InterruptedException {
            return got.poll(30, SECONDS);
        }
    }

    @AfterEach
    void endLoops() throws InterruptedException {
        receiver.loops.shutdownGracefully(0, 5, SECONDS).await();
    }

    private Recorder recorder(Path file) throws IOException {
        return Recorder.start(RecordingFile.create(file), Instant.EPOCH, time::get, 1 << 20);
    }

    /** One text message a second, behind ten seconds of nothing. */
    private Path recordingOf(Path folder, String... messages) throws IOException {
        Path file = folder.resolve("feed.rec");
        Recorder recorder = recorder(file);
        recorder.connected();
        time.addAndGet(9 * SECOND);
        for (String message : messages) {
            time.addAndGet(SECOND);
            recorder.message(true, Unpooled.copiedBuffer(message, UTF_8));
        }
        recorder.disconnected();
        recorder.closeAsync().join();
        return file;
    }

    private UpstreamConnection connect(ReplayUpstream replay) throws Exception {
        return replay.connectAsync(receiver).get(30, SECONDS);
    }

    private static void ask(UpstreamConnection connection) {
        connection.updateSubscriptions(Set.of("a"), Set.of("a"), Set.of()).join();
    }

    @Test
    void playsMessagesAtTheirTimes(@TempDir Path folder) throws Exception {
        UpstreamConnection connection = connect(ReplayUpstream.of(recordingOf(folder, "a", "b", "c"), pace));
        ask(connection);

        assertThat(receiver.next()).isEqualTo("text a");
        pace.awaitWaitFor(SECOND);
        assertThat(receiver.got).isEmpty();
        pace.advanceTo(SECOND);
        assertThat(receiver.next()).isEqualTo("text b");
        pace.awaitWaitFor(2 * SECOND);
        pace.advanceTo(2 * SECOND);
        assertThat(receiver.next()).isEqualTo("text c");
        connection.closeAsync().get(30, SECONDS);
        assertThat(receiver.got).isEmpty();
    }

    @Test
    void playsTwiceAsFastOrHalf(@TempDir Path folder) throws Exception {
        ReplayUpstream replay = ReplayUpstream.of(recordingOf(folder, "a", "b"), pace);
        UpstreamConnection fast = connect(replay.speed(2));
        ask(fast);
        pace.awaitWaitFor(SECOND / 2);
        fast.closeAsync().get(30, SECONDS);
        UpstreamConnection slow = connect(replay.speed(0.5));
        ask(slow);
        pace.awaitWaitFor(2 * SECOND);
        slow.closeAsync().get(30, SECONDS);

        for (double bad : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY, 1e-9}) {
            assertThatThrownBy(() -> replay.speed(bad)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void waitsForTheFirstSubscription(@TempDir Path folder) throws Exception {
        UpstreamConnection connection =
                connect(ReplayUpstream.of(recordingOf(folder, "a"), pace).asFastAsPossible());
        connection.updateSubscriptions(Set.of(), Set.of(), Set.of()).join();
        connection.updateEverything(false).join();
        connection.pause();
        connection.updateEverything(true).join();
        assertThat(receiver.got).isEmpty();
        connection.resume();

        assertThat(receiver.next()).isEqualTo("text a");
        connection.closeAsync().get(30, SECONDS);
    }

    @Test
    void pausesBetweenMessages(@TempDir Path folder) throws Exception {
        UpstreamConnection connection = connect(ReplayUpstream.of(recordingOf(folder, "a", "b"), pace));
        ask(connection);
        assertThat(receiver.next()).isEqualTo("text a");
        pace.awaitWaitFor(SECOND);
        connection.pause();
        pace.advanceTo(SECOND);
        // the recording ends at that time too, and nothing else would be waited for
        assertThat(receiver.got).isEmpty();
        connection.resume();

        assertThat(receiver.next()).isEqualTo("text b");
        connection.closeAsync().get(30, SECONDS);
    }

    @Test
    void beginsAgainBehindTheEnd(@TempDir Path folder) throws Exception {
        UpstreamConnection connection = connect(ReplayUpstream.of(recordingOf(folder, "a", "b"), pace)
                .asFastAsPossible()
                .repeat());
        ask(connection);

        for (int i = 0; i < 3; i++) {
            assertThat(receiver.next()).isEqualTo("text a");
            assertThat(receiver.next()).isEqualTo("text b");
        }
        connection.closeAsync().get(30, SECONDS);
    }

    @Test
    void anEmptyRecordingIsOverAtOnceEvenIfRepeated(@TempDir Path folder) throws Exception {
        try (LogLines lines = LogLines.of(Player.class, Level.INFO)) {
            UpstreamConnection connection =
                    connect(ReplayUpstream.of(recordingOf(folder), pace).repeat());
            ask(connection);

            Eventually.until("the end", () -> !lines.all().isEmpty());
            assertThat(lines.at(Level.INFO)).singleElement().asString().endsWith("is over");
            assertThat(receiver.got).isEmpty();
        }
    }

    @Test
    void tellsWhatIsMissing(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("feed.rec");
        Recorder recorder = recorder(file);
        recorder.message(false, Unpooled.copiedBuffer("b", UTF_8));
        recorder.gap("AAPL", 3);
        recorder.gap(null, -1);
        recorder.closeAsync().join();
        ByteBuf missing = Unpooled.buffer();
        Recording.begin(missing, Recording.MISSING, 0, 8).writeLongLE(17);
        Recording.begin(missing, (byte) 99, 0, 2).writeShort(0);
        Files.write(file, ByteBufUtil.getBytes(missing), StandardOpenOption.APPEND);
        UpstreamConnection connection = connect(ReplayUpstream.of(file, pace).asFastAsPossible());
        ask(connection);

        assertThat(receiver.next()).isEqualTo("binary b");
        assertThat(receiver.next()).isEqualTo("gap AAPL 3");
        assertThat(receiver.next()).isEqualTo("gap null -1");
        assertThat(receiver.next()).isEqualTo("gap null 17");
        connection.closeAsync().get(30, SECONDS);
    }

    @Test
    void playsUpToATornEnd(@TempDir Path folder) throws Exception {
        byte[] whole = Files.readAllBytes(recordingOf(folder, "a", "b"));
        // what was lost and where "b" ends; whatever is cut off there, "a" is left
        int behindB = whole.length - 13;
        for (int cut = behindB - 13; cut < behindB; cut++) {
            try (LogLines lines = LogLines.of(RecordingReader.class, Level.WARNING)) {
                Path torn = Files.write(folder.resolve("torn.rec"), Arrays.copyOf(whole, cut));
                UpstreamConnection connection =
                        connect(ReplayUpstream.of(torn, pace).asFastAsPossible());
                ask(connection);

                assertThat(receiver.next()).isEqualTo("text a");
                Eventually.until("a warning", () -> !lines.all().isEmpty());
                assertThat(lines.at(Level.WARNING)).singleElement().asString().contains("as after a crash");
                connection.closeAsync().get(30, SECONDS);
                assertThat(receiver.got).isEmpty();
            }
        }
    }

    static Stream<byte[]> damage() {
        return Stream.of(new byte[] {3, 0, 0, 0, 1, 2, 3}, new byte[] {-1, -1, -1, -1, 1, 2, 3});
    }

    @ParameterizedTest
    @MethodSource("damage")
    void playsUpToDamage(byte[] damage, @TempDir Path folder) throws Exception {
        Path file = recordingOf(folder, "a");
        long sound = Files.size(file);
        Files.write(file, damage, StandardOpenOption.APPEND);
        try (LogLines lines = LogLines.of(RecordingReader.class, Level.WARNING)) {
            UpstreamConnection connection =
                    connect(ReplayUpstream.of(file, pace).asFastAsPossible());
            ask(connection);

            assertThat(receiver.next()).isEqualTo("text a");
            Eventually.until("a warning", () -> !lines.all().isEmpty());
            assertThat(lines.at(Level.WARNING)).singleElement().asString().contains("damaged at byte " + sound + ";");
            connection.closeAsync().get(30, SECONDS);
        }
    }

    @Test
    void saysWhatIsNoRecording(@TempDir Path folder) throws Exception {
        Path none = folder.resolve("none.rec");
        Path other = Files.writeString(folder.resolve("other.rec"), "hello, this is something else");
        Path empty = Files.writeString(folder.resolve("empty.rec"), "");
        String later = "{\"format\": \"mutil-wproxy-recording\", \"version\": 2}";
        Path newer = Files.writeString(folder.resolve("newer.rec"), (char) later.length() + "\0\0\0" + later);

        assertThatThrownBy(() -> Upstream.replay(none))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("there is no such file");
        assertThatThrownBy(() -> Upstream.replay(other)).hasMessageContaining("is no recording of a proxy; name");
        assertThatThrownBy(() -> Upstream.replay(empty)).hasMessageContaining("is no recording of a proxy; name");
        assertThatThrownBy(() -> Upstream.replay(newer)).hasMessageContaining("version 2");
    }

    @Test
    void whatWasRecordedReachesAClientByteForByte(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("feed.rec");
        String one = "{\"sym\": \"AAPL\",  \"price\": 1.50}";
        String two = "[{\"sym\":\"AAPL\"} , {\"sym\":\"MSFT\"}]  ";
        try (ScriptedUpstream upstream = new ScriptedUpstream();
                WProxy proxy = WProxy.builder(Upstream.webSocket(upstream.uri()))
                        .record(file)
                        .start()) {
            upstream.send(one);
            upstream.drop();
            upstream.send(two);
            Eventually.until("two messages", () -> proxy.stats().recorded() == 2);
            assertThat(proxy.stats().notRecorded()).isZero();
        }
        try (WProxy proxy =
                        WProxy.builder(Upstream.replay(file).asFastAsPossible()).start();
                TestClient all = TestClient.of(proxy)) {
            all.command("{\"subscribe:all\": true}");

            assertThat(all.next()).isEqualTo(one);
            assertThat(all.next()).isEqualTo(two);
        }
    }

    @Test
    void aFileThatIsGoneEndsTheConnection(@TempDir Path folder) throws Exception {
        Path file = recordingOf(folder, "a", "b");
        ask(connect(ReplayUpstream.of(file, pace).repeat()));
        assertThat(receiver.next()).isEqualTo("text a");
        Files.delete(file);
        pace.advanceTo(SECOND);

        assertThat(receiver.next()).isEqualTo("text b");
        assertThat(receiver.next())
                .startsWith("closed 1006 what follows cannot be read")
                .contains("no such file");
    }

    @Test
    void aFileThatBecomesShorterEndsTheConnection(@TempDir Path folder) throws Exception {
        // longer than what is read at one go
        Path file = recordingOf(folder, "a", "b".repeat(200_000));
        UpstreamConnection connection = connect(ReplayUpstream.of(file, pace));
        try (FileChannel cut = FileChannel.open(file, StandardOpenOption.WRITE)) {
            cut.truncate(100_000);
        }
        ask(connection);

        assertThat(receiver.next()).startsWith("closed 1006").contains("has become shorter");
    }

    @Test
    void aReplayThatFailsIsInTheLogAndBeginsAnew(@TempDir Path folder) throws Exception {
        Path file = recordingOf(folder, "{\"sym\":\"a\"}", "{\"sym\":\"b\"}");
        try (LogLines lines = LogLines.of(Feed.class, Level.WARNING);
                WProxy proxy =
                        Quick.proxy(ReplayUpstream.of(file, pace).repeat()).start();
                TestClient client = TestClient.of(proxy, "a")) {
            assertThat(client.next()).isEqualTo("{\"sym\":\"a\"}");
            pace.awaitWaitFor(SECOND);
            Path away = Files.move(file, folder.resolve("away.rec"));
            pace.advanceTo(SECOND);
            Eventually.until("a warning", () -> !lines.all().isEmpty());
            Files.move(away, file);

            assertThat(client.nextButOutages()).isEqualTo("{\"sym\":\"a\"}");
            assertThat(lines.at(Level.WARNING)).first().asString().contains("cannot be read");
        }
    }
}
