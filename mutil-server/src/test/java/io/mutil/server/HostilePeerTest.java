package io.mutil.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mutil.codec.FrameFormat;
import io.mutil.codec.Transport;
import io.mutil.codec.internal.Framing;
import io.mutil.testkit.Eventually;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Peers that have the key and mean no good. */
@Timeout(60)
class HostilePeerTest {
    private static final int BOUND = 4096;
    /** What the socket may bring at a time, and what is under way. */
    private static final int READS = 256 << 10;

    private final CompletableFuture<Connection> served = new CompletableFuture<>();

    private Server.Builder server() {
        return Server.builder(Keys.of(Side.SECRET))
                .inboundBufferBytes(BOUND)
                .unwritableTimeout(ofMinutes(1))
                .onConnection(served::complete);
    }

    private Connection served() throws Exception {
        return served.get(30, TimeUnit.SECONDS);
    }

    private static FuzzPeer connect(Server server, FrameFormat format) throws IOException {
        FuzzPeer peer = FuzzPeer.connect(server);
        Side side = Side.client(Side.authentication(Handshake.VERSION_2, Keys.of(Side.SECRET), format, Side.process()));
        peer.talk(side);
        assertThat(side.agreement).isNotNull();
        return peer;
    }

    private static byte[] frame(int kind, byte... payload) {
        return Side.join(header(Side.FORMAT, kind, payload.length), payload);
    }

    private static byte[] header(FrameFormat format, int kind, long length) {
        ByteBuf header = Unpooled.buffer();
        Framing.typed(format).writeHeader(header, kind, length);
        return ByteBufUtil.getBytes(header);
    }

    private static byte[] times(int count, byte[] bytes) {
        var all = new ByteArrayOutputStream(count * bytes.length);
        for (int i = 0; i < count; i++) {
            all.writeBytes(bytes);
        }
        return all.toByteArray();
    }

    private static long usedBytes() {
        var metric = ((ByteBufAllocatorMetricProvider) Transport.best().allocator()).metric();
        return metric.usedDirectMemory() + metric.usedHeapMemory();
    }

    /** What it says on a thread of its own, because nobody takes all of it. */
    private static Thread flood(FuzzPeer peer, byte[] bytes) {
        var thread = new Thread(() -> peer.say(bytes));
        thread.start();
        return thread;
    }

    private static void end(FuzzPeer peer, Thread flood) throws Exception {
        peer.close();
        flood.join();
    }

    private void awaitPaused() throws Exception {
        Connection connection = served();
        Eventually.until("paused", () -> !connection.channel().config().isAutoRead());
    }

    @Test
    void emptyFramesThatNobodyReadsMakeThePeerWait() throws Exception {
        try (Server server = server().start();
                FuzzPeer peer = connect(server, Side.FORMAT)) {
            Thread flood = flood(peer, times(4 << 20, frame(Kinds.DATA)));
            awaitPaused();

            assertThat(served().stats().unreadBytes()).isBetween(1L, (long) BOUND + READS);

            end(peer, flood);
            served().close();
        }
    }

    /** A message of one byte that keeps what was read from the socket with it would keep 64 KiB each. */
    @Test
    void aByteAmongManyPingsCostsNoMoreThanAByte() throws Exception {
        try (Server server = server().listen(Endpoint.webSocket(0, "/")).start();
                FuzzPeer peer = connect(server, Side.FORMAT)) {
            byte[] ping = Side.join(new byte[] {(byte) 0x89, (byte) (0x80 | 125)}, new byte[4 + 125]);
            byte[] oneByte = {(byte) 0x82, (byte) 0x81, 0, 0, 0, 0, 7};
            byte[] pingsAndAByte = Side.join(times(500, ping), oneByte);
            peer.say(header(Side.FORMAT, Kinds.DATA, 100_000));
            long before = usedBytes();

            for (int i = 0; i < 600; i++) {
                peer.sayRaw(pingsAndAByte);
            }
            Connection connection = served();
            Eventually.until("arrived", () -> connection.stats().unreadBytes() >= 600);

            assertThat(usedBytes() - before).isLessThan(16L << 20);
        }
    }

    @Test
    void requestsThatNobodyTakesTheAnswersOfMakeThePeerWait() throws Exception {
        byte[] answer = new byte[10_000];
        var requests = new CompletableFuture<Requests>();
        try (Server server = server().outboundQueueBytes(100_000)
                        .onConnection(connection -> {
                            requests.complete(Requests.on(connection, request -> ByteBuffer.wrap(answer), 3));
                            served.complete(connection);
                        })
                        .start();
                FuzzPeer peer = connect(server, Side.FORMAT)) {
            Thread flood = flood(peer, times(1 << 20, frame(Kinds.REQUEST, new byte[8])));
            awaitPaused();

            assertThat(requests.get().stats().running()).isLessThanOrEqualTo(3);
            assertThat(served().stats().unreadBytes()).isLessThan(BOUND + READS);
            assertThat(served().stats().queuedBytes()).isLessThanOrEqualTo(100_000);

            end(peer, flood);
        }
    }

    @Test
    void answersToNothingAreDropped() throws Exception {
        var requests = new CompletableFuture<Requests>();
        try (Server server = server().onConnection(connection -> requests.complete(Requests.on(connection)))
                        .start();
                FuzzPeer peer = connect(server, Side.FORMAT)) {
            peer.say(times(10_000, frame(Kinds.RESPONSE, new byte[9])));

            Requests seen = requests.get(30, TimeUnit.SECONDS);
            Eventually.until("dropped", () -> seen.stats().late() == 10_000);
            assertThat(seen.stats().outstanding()).isZero();
        }
    }

    @Test
    void aReasonForNoAnswerIsNotBelievedAtAnyLength() throws Exception {
        var requests = new CompletableFuture<Requests>();
        try (Server server = server().onConnection(connection -> requests.complete(Requests.on(connection)))
                        .start();
                FuzzPeer peer = connect(server, Side.FORMAT)) {
            var answer = requests.get(30, TimeUnit.SECONDS).askAsync(ByteBuffer.allocate(1), ofSeconds(30));
            byte[] failure = new byte[9 + 100_000];
            Arrays.fill(failure, 9, failure.length, (byte) 'a');
            failure[0] = 1; // the first id
            failure[8] = Answers.FAILED;
            peer.say(frame(Kinds.RESPONSE, failure));

            assertThat(answer)
                    .failsWithin(ofSeconds(30))
                    .withThrowableThat()
                    .havingCause()
                    .isInstanceOf(RequestFailedException.class)
                    .satisfies(e -> assertThat(e.getMessage()).hasSize(1024));
        }
    }

    @Test
    void whoAsksForMoreThanHeTakesFillsNoLog() throws Exception {
        var requests = new CompletableFuture<Requests>();
        try (var complaints = new Complaints();
                Server server = server().onConnection(connection ->
                                requests.complete(Requests.on(connection, request -> ByteBuffer.allocate(1000))))
                        .start();
                FuzzPeer peer = connect(server, Side.FORMAT.maxBytes(1000))) {
            peer.say(times(100, frame(Kinds.REQUEST, new byte[8])));

            Requests seen = requests.get(30, TimeUnit.SECONDS);
            Eventually.until("answered", () -> seen.stats().failed() == 100);
            assertThat(complaints.all()).isEmpty();
        }
    }

    @Test
    void requestOfWhoTakesNoAnswerEndsTheConnection() throws Exception {
        try (Server server = server().onConnection(connection -> {
                            Requests.on(connection, request -> request);
                            served.complete(connection);
                        })
                        .start();
                FuzzPeer peer = connect(server, Side.FORMAT.maxBytes(8))) {
            peer.say(frame(Kinds.REQUEST, new byte[8]));
            peer.finish();

            assertThat(served().closed().get(30, TimeUnit.SECONDS).code()).isEqualTo(CloseReason.PROTOCOL_ERROR);
        }
    }

    @Test
    void lengthsOfFileDataAreNotAddedBeyondALong(@TempDir Path directory) throws Exception {
        FrameFormat endless = FrameFormat.littleEndian(8).maxBytes(Long.MAX_VALUE);
        try (Server server = server().format(endless).start();
                FuzzPeer peer = connect(server, endless)) {
            byte[] start = ByteBuffer.allocate(17)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(1, 10)
                    .array();
            peer.say(Side.join(header(endless, Kinds.FILE_START, 17), start));
            peer.say(Side.join(header(endless, Kinds.FILE_DATA, 5), new byte[5]));
            peer.say(Side.join(header(endless, Kinds.FILE_DATA, Long.MAX_VALUE - 1), new byte[100]));

            assertThatThrownBy(() -> served().receiveFile(directory.resolve("file")))
                    .hasMessageContaining("file of 10 bytes has " + (Long.MAX_VALUE - 1) + " behind the first 5");
            assertThat(directory).isEmptyDirectory();
        }
    }

    @Test
    void reasonWhyAFileIsGivenUpFitsIntoWhatThePeerTakes() throws Exception {
        try (var wired = new WiredChannel()) {
            ByteBuf frame = FileEnd.aborted("x".repeat(2000)).frame(wired.connection);

            assertThat(frame.readableBytes()).isEqualTo(4 + 1 + 1000);
            frame.release();
        }
    }

    @Test
    void pingsDoNotMoveTheDeadline() throws Exception {
        try (Server server = server().listen(Endpoint.webSocket(0, "/"))
                        .handshakeTimeout(ofSeconds(1))
                        .start();
                RawClient stranger = RawClient.upgraded(server.endpoint().port())) {
            assertThatThrownBy(() -> {
                        while (true) {
                            stranger.frame(0x89, new byte[0]);
                        }
                    })
                    .isInstanceOf(IOException.class);
            Eventually.until("refused", () -> server.stats().refused() == 1);
        }
    }

    @Test
    void whoIsTurnedAwayAndTalksOnIsCutOff() throws Exception {
        try (Server server = server().listen(Endpoint.webSocket(0, "/"))
                        .handshakeTimeout(ofSeconds(1))
                        .start();
                var stranger = new RawClient(requireNonNull(server.endpoint()).port())) {
            stranger.write("POST /other HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n");
            byte[] chunk = "1\r\na\r\n".getBytes(US_ASCII);

            assertThatThrownBy(() -> {
                        while (true) {
                            stranger.write(chunk);
                        }
                    })
                    .isInstanceOf(IOException.class);
            assertThat(server.stats().refused()).isEqualTo(1);
        }
    }

    @Test
    void silenceInTheMiddleEndsWhateverIsBelow() throws Exception {
        for (Way way : Way.kinds()) {
            if (way.kind().equals("unix")) {
                continue;
            }
            byte[] half = (way.tls()
                            ? "\u0016\u0003\u0001\u0002\0\u0001"
                            : way.kind().equals("ws") ? "GET / HT" : "MUTL")
                    .getBytes(US_ASCII);
            try (Server server =
                            way.server(c -> {}).handshakeTimeout(ofSeconds(1)).start();
                    RawPeer silent = RawPeer.connect(server).write(half)) {
                silent.readToEnd();

                Eventually.until("refused", () -> server.stats().refused() == 1);
            }
        }
    }
}
