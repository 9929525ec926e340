package io.mutil.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mutil.testkit.Background;
import io.mutil.testkit.Eventually;
import io.mutil.testkit.TestTls;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import io.netty.util.IllegalReferenceCountException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PreparedBatchTest {
    private final Recorder serverSide = new Recorder();

    private static PreparedBatch batch(String... texts) {
        var batch = new PreparedBatch(ByteBufAllocator.DEFAULT, 64);
        for (String text : texts) {
            byte[] bytes = text.getBytes(UTF_8);
            batch.addText(bytes, 0, bytes.length);
        }
        return batch;
    }

    private static byte[] bytes(ByteBuf buffer) {
        try {
            return ByteBufUtil.getBytes(buffer);
        } finally {
            buffer.release();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 125, 126, 127, 65535, 65536, 100_000})
    void framesAreThoseOfSingleMessages(int length) {
        byte[] payload = new byte[length + 5];
        new Random(length).nextBytes(payload);
        ByteBuf range = Unpooled.wrappedBuffer(payload, 3, length);
        var batch = new PreparedBatch(ByteBufAllocator.DEFAULT, 1);

        assertThat(batch.addText(payload, 3, length)).isZero();
        assertThat(batch.addBinary(range)).isEqualTo(1);
        assertThat(batch.addText(range)).isEqualTo(2);
        assertThat(batch.addBinary(payload, 3, length)).isEqualTo(3);

        PreparedMessage text = PreparedMessage.text(ByteBufAllocator.DEFAULT, b -> b.writeBytes(payload, 3, length));
        PreparedMessage binary =
                PreparedMessage.binary(ByteBufAllocator.DEFAULT, b -> b.writeBytes(payload, 3, length));
        ByteBuf both = Unpooled.wrappedBuffer(text.retainedFrame(), binary.retainedFrame());
        assertThat(bytes(batch.retainedRun(0, 2))).isEqualTo(ByteBufUtil.getBytes(both));
        assertThat(bytes(batch.retainedRun(2, 4))).isEqualTo(bytes(both));
        assertThat(bytes(batch.retainedPayload(1))).isEqualTo(bytes(text.retainedPayload()));
        assertThat(batch.size()).isEqualTo(4);
        assertThat(batch.payloadBytes(3)).isEqualTo(length);
        assertThat(batch.bytes()).isEqualTo(4L * (PreparedMessage.headerBytes(length) + length));
        assertThat(range.readableBytes()).isEqualTo(length);
        text.release();
        binary.release();
        assertThat(batch.release()).isTrue();
    }

    @Test
    void growsByDoublingAndKeepsWhatThereIs() {
        var batch = new PreparedBatch(ByteBufAllocator.DEFAULT, 1);
        for (int i = 0; i < 1000; i++) {
            byte[] number = String.valueOf(i).getBytes(UTF_8);
            assertThat(batch.addText(number, 0, number.length)).isEqualTo(i);
        }

        for (int i = 0; i < 1000; i++) {
            assertThat(new String(bytes(batch.retainedPayload(i)), UTF_8)).isEqualTo(String.valueOf(i));
            assertThat(batch.isText(i)).isTrue();
        }
        ByteBuf run = batch.retainedRun(0, 1000);
        assertThat(run.unwrap().capacity()).isLessThan(2 * (int) batch.bytes());
        run.release();
        batch.release();
    }

    @Test
    void connectionsGetRunsThatOverlap() throws Exception {
        var recorders = List.of(new Recorder(), new Recorder());
        try (var server = WebSocketServer.builder(serverSide).start();
                var first =
                        WebSocketClient.builder(server.uri(), recorders.get(0)).connect();
                var second =
                        WebSocketClient.builder(server.uri(), recorders.get(1)).connect()) {
            assertThat(first.isOpen() && second.isOpen()).isTrue();
            assertOverlappingRunsArrive(server, recorders);
        }
    }

    /** It gathers what follows in the room behind a buffer. */
    @Test
    void connectionsGetRunsThatOverlapInTls() throws Exception {
        var recorders = List.of(new Recorder(), new Recorder());
        try (var server = WebSocketServer.builder(serverSide)
                        .tls(TestTls.server())
                        .start();
                var first = WebSocketClient.builder(server.uri(), recorders.get(0))
                        .tls(TestTls.client())
                        .connect();
                var second = WebSocketClient.builder(server.uri(), recorders.get(1))
                        .tls(TestTls.client())
                        .connect()) {
            assertThat(first.isOpen() && second.isOpen()).isTrue();
            assertOverlappingRunsArrive(server, recorders);
        }
    }

    private void assertOverlappingRunsArrive(WebSocketServer server, List<Recorder> recorders) throws Exception {
        serverSide.next("open");
        serverSide.next("open");
        for (int round = 0; round < 50; round++) {
            PreparedBatch batch = batch("a" + round, "b" + round, "c" + round, "d" + round);
            for (WebSocket socket : server.connections()) {
                assertThat(socket.offer(batch, 0, 3)).isTrue();
                assertThat(socket.offer(batch, 1, 4)).isTrue();
                socket.flush();
            }
            for (Recorder recorder : recorders) {
                var got = new ArrayList<String>();
                for (int i = 0; i < 6; i++) {
                    got.add(recorder.next("text").substring("text ".length()));
                }
                assertThat(got)
                        .containsExactly("a" + round, "b" + round, "c" + round, "b" + round, "c" + round, "d" + round);
            }
            Eventually.until("what was queued is released", () -> batch.refCnt() == 1);
            batch.release();
        }
        // a moment after the last of them has arrived
        Eventually.until("all are counted", () -> server.stats().messagesOut() == 50 * 2 * 6);
        Eventually.until("nothing is queued", () -> server.stats().queuedBytes() == 0);
    }

    @Test
    void exampleOfTheDocumentationWorks() throws Exception {
        var recorder = new Recorder();
        List<byte[]> news = List.of("{}".getBytes(UTF_8), "[]".getBytes(UTF_8));
        try (var server = WebSocketServer.builder(serverSide).start();
                var client = WebSocketClient.builder(server.uri(), recorder).connect()) {
            assertThat(client.isOpen()).isTrue();
            serverSide.next("open");
            PreparedBatch ticks = new PreparedBatch(ByteBufAllocator.DEFAULT, 4096);
            try {
                for (byte[] json : news) {
                    ticks.addText(json, 0, json.length);
                }
                for (WebSocket socket : server.connections()) {
                    socket.offer(ticks, 0, ticks.size());
                    socket.flush();
                }
            } finally {
                ticks.release();
            }

            assertThat(recorder.next("text")).isEqualTo("text {}");
            assertThat(recorder.next("text")).isEqualTo("text []");
        }
    }

    @Test
    void clientMasksEachMessage() throws Exception {
        try (var server = WebSocketServer.builder(serverSide).start();
                var client =
                        WebSocketClient.builder(server.uri(), new Recorder()).connect()) {
            PreparedBatch batch = batch("one", "two");
            batch.addBinary(Unpooled.wrappedBuffer(new byte[3]));
            assertThat(client.offer(batch, 1, 3)).isTrue();
            assertThat(client.queuedBytes()).isIn(0L, (2L + 4 + 3) * 2);
            client.flush();

            assertThat(serverSide.next()).isEqualTo("open");
            assertThat(serverSide.next()).isEqualTo("text two");
            assertThat(serverSide.next()).isEqualTo("binary 3");
            Eventually.until("what was queued is released", () -> batch.refCnt() == 1);
            Eventually.until("nothing is queued", () -> client.queuedBytes() == 0);
            batch.release();
        }
    }

    /** A connection of a server whose peer takes as much as the test says. */
    private final class Stuck implements AutoCloseable {
        final StuckChannel channel = new StuckChannel();
        final Counters counters = new Counters();
        final WebSocket socket;

        Stuck(int bound) {
            this(bound, false);
        }

        Stuck(int bound, boolean client) {
            Settings settings = WebSocketServer.builder(serverSide)
                    .outboundQueueBytes(bound)
                    .settings();
            channel.freezeTime();
            var upgrade = new ChannelInboundHandlerAdapter();
            channel.pipeline().addLast(new WebSocket13FrameEncoder(client), upgrade);
            var open = new OpenSocket(client, settings, serverSide, counters, s -> {});
            socket = open.replace(channel.pipeline(), upgrade);
        }

        void breakOff() {
            channel.close().syncUninterruptibly();
            channel.runPendingTasks();
        }

        @Nullable
        Object nextToSend() {
            return channel.unsafe().outboundBuffer().current();
        }

        @Override
        public void close() {
            channel.finishAndReleaseAll();
        }
    }

    @Test
    void aRunIsOneWriteAndCountsItsMessages() {
        try (var stuck = new Stuck(1000)) {
            PreparedBatch batch = batch("abc", "def", "ghi");
            assertThat(stuck.socket.offer(batch, 0, 3)).isTrue();
            stuck.socket.flush();

            assertThat(stuck.channel.unsafe().outboundBuffer().size()).isEqualTo(1);
            assertThat(stuck.socket.queuedBytes()).isEqualTo(3 * 5);
            stuck.channel.take(14);
            assertThat(stuck.counters.messagesOut.sum()).isZero();
            stuck.channel.take(1);
            assertThat(stuck.counters.messagesOut.sum()).isEqualTo(3);
            assertThat(stuck.counters.bytesOut.sum()).isEqualTo(9);
            assertThat(stuck.socket.queuedBytes()).isZero();
            assertThat(batch.release()).isTrue();
        }
    }

    @Test
    void aRunIsQueuedWholeOrNotAtAll() {
        try (var stuck = new Stuck(10)) {
            PreparedBatch batch = batch("abc", "def", "ghi");

            assertThat(stuck.socket.offer(batch, 0, 3)).isTrue();
            assertThat(stuck.socket.offer(batch, 0, 1)).isFalse();
            assertThat(stuck.counters.rejectedMessages.sum()).isEqualTo(1);
            stuck.socket.flush();
            stuck.channel.take(15);
            assertThat(stuck.socket.offer(batch, 0, 1)).isTrue();
            assertThat(stuck.socket.offer(batch, 1, 3)).isFalse();
            assertThat(stuck.socket.queuedBytes()).isEqualTo(5);
            assertThat(stuck.counters.rejectedMessages.sum()).isEqualTo(3);
            assertThat(stuck.socket.offer(batch, 1, 2)).isTrue();
            stuck.breakOff();
            assertThat(stuck.socket.lostMessages()).isEqualTo(2);
            assertThat(batch.release()).isTrue();
        }
    }

    @Test
    void messagesOfARunThatNeverLeavesAreLost() {
        try (var stuck = new Stuck(1000)) {
            PreparedBatch batch = batch("abc", "def", "ghi");
            assertThat(stuck.socket.offer(batch, 1, 3)).isTrue();
            stuck.socket.flush();
            stuck.channel.take(6);
            stuck.breakOff();

            assertThat(stuck.socket.lostMessages()).isEqualTo(2);
            assertThat(stuck.counters.messagesOut.sum()).isZero();
            assertThat(stuck.socket.queuedBytes()).isZero();
            assertThat(stuck.socket.offer(batch, 0, 1)).isFalse();
            assertThat(stuck.socket.offer(batch, 1, 1)).isFalse();
            assertThat(batch.release()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatWasReleasedIsNotQueued(boolean client) {
        try (var stuck = new Stuck(30, client)) {
            PreparedBatch gone = batch("abc", "def");
            gone.release();
            PreparedMessage alsoGone = PreparedMessage.text(ByteBufAllocator.DEFAULT, b -> b.writeZero(3));
            alsoGone.release();
            for (int i = 0; i < 10; i++) {
                assertThatThrownBy(() -> stuck.socket.offer(gone, 0, 2))
                        .isInstanceOf(IllegalReferenceCountException.class);
                assertThatThrownBy(() -> stuck.socket.offer(alsoGone))
                        .isInstanceOf(IllegalReferenceCountException.class);
                assertThatThrownBy(() -> stuck.socket.sendAsync(alsoGone))
                        .isInstanceOf(IllegalReferenceCountException.class);
            }

            assertThat(stuck.socket.queuedBytes()).isZero();
            PreparedBatch batch = batch("abc", "def");
            assertThat(stuck.socket.offer(batch, 0, 2)).isTrue();
            stuck.breakOff();
            assertThat(stuck.socket.lostMessages()).isEqualTo(2);
            assertThat(batch.release()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatIsRefusedKeepsNoReference(boolean client) {
        try (var stuck = new Stuck(1, client)) {
            PreparedBatch batch = batch("abc", "def");
            assertThat(stuck.socket.offer(batch, 0, 1)).isTrue();
            int queued = batch.refCnt();

            assertThat(stuck.socket.offer(batch, 0, 2)).isFalse();
            assertThat(batch.refCnt()).isEqualTo(queued);
            stuck.breakOff();
            assertThat(stuck.socket.offer(batch, 0, 2)).isFalse();
            assertThat(batch.release()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aCloseThatRacesLeavesNoReference(boolean client) throws Exception {
        for (int round = 0; round < 50; round++) {
            try (var server = WebSocketServer.builder(serverSide).start();
                    var other = WebSocketClient.builder(server.uri(), new Recorder())
                            .connect()) {
                serverSide.next("open");
                WebSocket socket =
                        client ? other : server.connections().iterator().next();
                PreparedBatch batch = batch("abc", "def");
                var offering = Background.run(() -> {
                    while (socket.offer(batch, 0, 2)) {
                        socket.flush();
                    }
                });
                var unused = socket.closeAsync(CloseReason.NORMAL, "");
                offering.get(30, TimeUnit.SECONDS);
                socket.closed().get(30, TimeUnit.SECONDS);

                Eventually.until("what was queued is released", () -> batch.refCnt() == 1);
                Eventually.until("nothing is queued", () -> socket.queuedBytes() == 0);
                assertThat(batch.release()).isTrue();
            }
        }
    }

    @Test
    void anEmptyRunIsNothing() {
        try (var stuck = new Stuck(1000)) {
            PreparedBatch batch = batch("abc");

            assertThat(stuck.socket.offer(batch, 1, 1)).isTrue();
            assertThat(stuck.nextToSend()).isNull();
            assertThat(batch.addText(new byte[0], 0, 0)).isEqualTo(1);
            batch.release();
        }
    }

    @Test
    void nothingIsAddedToWhatWasOffered() {
        try (var stuck = new Stuck(1000)) {
            PreparedBatch batch = batch("abc");
            assertThat(stuck.socket.offer(batch, 0, 1)).isTrue();

            assertThatThrownBy(() -> batch.addText(new byte[1], 0, 1))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("begin another one");
            batch.release();
        }
    }

    @Test
    void nothingIsWrittenBehindARun() {
        PreparedBatch batch = batch("abc", "def");
        ByteBuf run = batch.retainedRun(0, 1);

        assertThat(run.maxWritableBytes()).isZero();

        run.release();
        batch.release();
    }

    @Test
    void referencesAreCounted() {
        PreparedBatch batch = batch("abc");

        assertThat(batch.retain().refCnt()).isEqualTo(2);
        assertThat(batch.release()).isFalse();
        assertThat(batch.release()).isTrue();
    }

    @Test
    void badArgumentsAreRefusedAndChangeNothing() throws Exception {
        assertThatThrownBy(() -> new PreparedBatch(ByteBufAllocator.DEFAULT, 0))
                .isInstanceOf(IllegalArgumentException.class);
        try (var stuck = new Stuck(1000)) {
            PreparedBatch batch = batch("abc");
            assertThatThrownBy(() -> batch.addText(new byte[3], 2, 2)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> batch.payloadBytes(1)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> stuck.socket.offer(batch, 0, 2)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThat(batch.size()).isEqualTo(1);
            assertThat(batch.bytes()).isEqualTo(5);
            assertThat(stuck.socket.sendAsync("x").isDone()).isFalse();
            stuck.channel.take(3);
            assertThat(stuck.socket.closed().isDone()).isFalse();
            batch.release();
        }
        assertThat(serverSide.events.poll(30, TimeUnit.SECONDS)).isEqualTo("open");
    }
}
