package io.mutil.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mutil.codec.FrameTooLargeException;
import io.mutil.codec.TruncatedFrameException;
import io.mutil.codec.internal.FrameInbox;
import io.mutil.codec.internal.Framing;
import io.mutil.codec.internal.Waiting;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What depends on time, or on a peer that does something wrong, without either. */
@Timeout(30)
class WiringTest {
    private final WiredChannel wired = new WiredChannel();
    private final Connection connection = wired.connection;

    @AfterEach
    void stop() {
        wired.close();
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(UTF_8));
    }

    private static CloseReason reason(int code, String text) {
        return new CloseReason(code, text);
    }

    @Test
    void saysThatItLivesWhenItHasNothingElseToSay() throws Exception {
        wired.channel.take(1000);
        wired.advance(14);
        assertThat(connection.stats().framesOut()).isZero();

        wired.advance(1);
        assertThat(connection.stats().framesOut()).isEqualTo(1);
        assertThat(connection.stats().bytesOut()).isEqualTo(5);

        wired.receive(Kinds.HEARTBEAT);
        wired.advance(5);
        var unused = connection.writeAsync(bytes("x"));
        wired.run();
        wired.advance(14);
        assertThat(connection.stats().framesOut()).isEqualTo(2);
        wired.advance(1);
        assertThat(connection.stats().framesOut()).isEqualTo(3);
    }

    @Test
    void saysNothingWhileSomethingIsQueued() {
        var unused = connection.writeAsync(bytes("x"));
        for (int i = 0; i < 4; i++) {
            wired.advance(9);
            wired.receive(Kinds.HEARTBEAT);
            wired.channel.take(1);
        }

        assertThat(connection.stats().queuedBytes()).isEqualTo(6);
        assertThat(connection.stats().framesOut()).isZero();
    }

    @Test
    void silentPeerIsDeadAfterThreeIntervals() {
        wired.channel.take(1000);
        wired.advance(44);
        assertThat(connection.isOpen()).isTrue();

        wired.advance(1);

        assertThat(wired.channel.isOpen()).isFalse();
        assertThat(connection.closeReason()).contains(reason(1006, "no byte from the peer for too long"));
        assertThat(wired.counters.closedDead.sum()).isEqualTo(1);
        assertThatThrownBy(wired::read)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no byte from the peer for too long; open a new one");
    }

    @Test
    void anyByteIsLife() {
        wired.channel.take(1000);
        for (byte each : new byte[] {1, 0, 0, 0, Kinds.HEARTBEAT}) {
            wired.advance(44);
            wired.receiveBytes(Unpooled.wrappedBuffer(new byte[] {each}));
        }

        assertThat(connection.isOpen()).isTrue();
    }

    @Test
    void peerThatMayNotSendIsNotTakenForDead() {
        wired.channel.take(10_000);
        for (int i = 0; i < 3000; i++) {
            wired.receive(Kinds.DATA, new byte[500]);
        }
        assertThat(wired.channel.config().isAutoRead()).isFalse();

        wired.advance(300);

        assertThat(connection.isOpen()).isTrue();
        assertThat(connection.stats().unreadBytes()).isGreaterThan(500_000);
    }

    @Test
    void signsOfLifeDoNotFillTheBufferOfWhoDoesNotRead() {
        wired.channel.take(10_000);
        for (int i = 0; i < 100; i++) {
            wired.receive(Kinds.HEARTBEAT);
            wired.advance(15);
        }

        assertThat(connection.stats().unreadBytes()).isLessThan(50);
        assertThat(connection.stats().framesIn()).isZero();
    }

    @Test
    void peerThatTakesNothingIsDropped() {
        CompletableFuture<Void> sent = connection.writeAsync(bytes("x"));
        wired.advance(9);
        assertThat(connection.isOpen()).isTrue();

        wired.advance(2);

        assertThat(wired.channel.isOpen()).isFalse();
        assertThat(connection.closeReason()).contains(reason(1013, "peer takes no bytes"));
        assertThat(wired.connection.tally().slow()).isEqualTo(1);
        assertThat(sent).isCompletedExceptionally();
        assertThat(connection.stats().queuedBytes()).isZero();
        assertThat(wired.roster.open()).isEmpty();
    }

    @Test
    void closeIsTheLastFrameAndEndsOurHalf() throws Exception {
        var unused = connection.writeAsync(bytes("first"));
        CompletableFuture<Void> end = connection.closeAsync(4001, "done");
        wired.run();
        assertThat(connection.outbox().writeAsync(Kinds.DATA, bytes("too late")))
                .isCompletedExceptionally();

        assertThat(wired.waiting()).containsExactly("0:first", "7:4001 done");
        wired.channel.take(1000);
        wired.run();
        assertThat(wired.ends).isEqualTo(1);
        assertThat(wired.channel.isOpen()).isTrue();
        assertThat(end).isNotDone();

        wired.endInput();

        assertThat(wired.channel.isOpen()).isFalse();
        assertThat(end).isCompleted();
    }

    @Test
    void drainThatIsPendingAtACloseSucceedsWhenTheBytesHaveLeft() {
        var unused = connection.writeAsync(bytes("first"));
        CompletableFuture<Void> before = connection.drainAsync();
        var unusedEnd = connection.closeAsync();
        wired.run();
        CompletableFuture<Void> after = connection.drainAsync();
        assertThat(before).isNotDone();

        wired.channel.take(1000);
        wired.run();

        assertThat(before).isCompleted();
        assertThat(after).isCompleted();
    }

    @Test
    void closeThatIsCutOffTellsWhatThePeerHasNotTaken() {
        var unused = connection.writeAsync(bytes("first"));
        CompletableFuture<Void> end = connection.closeAsync();
        wired.channel.take(9);
        wired.advance(10);

        assertThatThrownBy(end::get)
                .cause()
                .isInstanceOf(IOException.class)
                .hasMessageContaining("was cut off with 10 bytes queued, which the peer did not take");
        assertThat(connection.closed()).isCompletedWithValue(reason(1000, ""));
        assertThatThrownBy(() -> connection.drainAsync().get()).hasCauseInstanceOf(IOException.class);
    }

    @Test
    void closeThatIsCutOffInsideOfItsOwnFrameHasLostNothing() {
        var unused = connection.writeAsync(bytes("first"));
        CompletableFuture<Void> end = connection.closeAsync();
        wired.channel.take(11);
        wired.advance(20);

        assertThat(end).isCompleted();
    }

    @Test
    void closeAfterThePeersTellsNothing() throws Exception {
        var sent = connection.writeAsync(bytes("first"));
        wired.receive(Kinds.CLOSE, (byte) 0xE8, (byte) 0x03);
        assertThat(wired.read()).isNull();
        wired.advance(20);

        assertThat(connection.closeAsync()).isCompleted();
        assertThat(sent).isCompletedExceptionally();
    }

    @Test
    void closeThatIsNotAnsweredIsCutOff() {
        CompletableFuture<Void> end = connection.closeAsync();
        wired.channel.take(1000);
        wired.advance(9);
        assertThat(end).isNotDone();

        wired.advance(1);

        assertThat(end).isCompleted();
        assertThat(connection.closeReason()).contains(reason(1000, ""));
    }

    @Test
    void closeOfThePeerIsReadBehindItsFrames() throws Exception {
        wired.receive(Kinds.DATA, (byte) 1);
        wired.receive(Kinds.CLOSE, (byte) 0xE9, (byte) 0x03, (byte) 'b', (byte) 'y', (byte) 'e');
        wired.endInput();
        assertThat(connection.isOpen()).isTrue();

        assertThat(wired.read()).isEqualTo(ByteBuffer.wrap(new byte[] {1}));
        assertThat(connection.isOpen()).isTrue();
        assertThat(wired.read()).isNull();

        assertThat(connection.closeReason()).contains(reason(1001, "bye"));
        wired.run();
        assertThat(wired.channel.isOpen()).isFalse();
        assertThat(connection.closed()).isCompletedWithValue(reason(1001, "bye"));
    }

    @Test
    void closeWithoutACodeIsAnEnd() throws Exception {
        wired.receive(Kinds.CLOSE);

        assertThat(wired.read()).isNull();
        assertThat(connection.closeReason()).contains(reason(1005, ""));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 999, 1004, 1005, 1006, 1015, 2999, 5000, 65535})
    void codesThatMayNotBeSentAreNotPassedOn(int code) throws Exception {
        wired.receive(Kinds.CLOSE, (byte) code, (byte) (code >> 8), (byte) '?');

        assertThat(wired.read()).isNull();
        assertThat(connection.closeReason()).contains(reason(1005, "?"));
    }

    @Test
    void endWithoutACloseFrameIsAFailure() throws Exception {
        wired.receive(Kinds.DATA, (byte) 1);
        wired.endInput();

        assertThat(wired.read()).isEqualTo(ByteBuffer.wrap(new byte[] {1}));
        assertThatThrownBy(wired::read)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("ended without a close frame");
        assertThat(connection.closeReason()).contains(reason(1006, "connection ended without a close frame"));
    }

    @Test
    void endInsideOfAFrameIsAFailure() {
        wired.receiveBytes(Unpooled.buffer().writeIntLE(10).writeByte(0).writeByte(1));
        wired.endInput();

        assertThatThrownBy(wired::read).isInstanceOf(TruncatedFrameException.class);
        assertThat(connection.closeReason()).contains(reason(1006, "connection ended inside a frame"));
    }

    @Test
    void whatIsQueuedStillLeavesAfterThePeersEnd() throws Exception {
        wired.receive(Kinds.DATA, (byte) 1);
        wired.endInput();
        assertThat(wired.read()).isNotNull();
        var unused = connection.writeAsync(bytes("reply"));
        assertThatThrownBy(wired::read).isInstanceOf(IOException.class);
        wired.run();

        assertThat(wired.channel.isOpen()).isTrue();
        assertThat(wired.waiting()).containsExactly("0:reply");
        wired.channel.take(1000);
        wired.run();
        assertThat(wired.ends).isEqualTo(1);
        assertThat(wired.channel.isOpen()).isFalse();
    }

    @Test
    void endThatNobodyReadsIsAnEndAfterAWhile() {
        wired.receive(Kinds.DATA, (byte) 1);
        wired.endInput();
        wired.advance(9);
        assertThat(wired.channel.isOpen()).isTrue();

        wired.advance(1);

        assertThat(wired.channel.isOpen()).isFalse();
        assertThat(connection.closeReason()).contains(reason(1006, "connection dropped"));
        assertThat(wired.roster.open()).isEmpty();
    }

    @Test
    void tooLongFrameIsAnsweredWithTheLimit() throws Exception {
        wired.receiveBytes(Unpooled.buffer().writeIntLE(1002).writeByte(0));

        assertThatThrownBy(wired::read).isInstanceOf(FrameTooLargeException.class);
        assertThat(wired.waiting()).containsExactly("7:1009 frame exceeds the limit of 1000 bytes");
    }

    @Test
    void unknownKindIsAnsweredWithAProtocolError() throws Exception {
        wired.receive(9, (byte) 1);

        assertThatThrownBy(wired::read).isInstanceOf(IOException.class).hasMessageContaining("unknown kind 9");
        assertThat(wired.waiting()).containsExactly("7:1002 frame breaks the protocol");
    }

    @Test
    void fileIsNotReadAsAFrameAndNotLost() throws Exception {
        wired.receive(Kinds.FILE_START, new byte[17]);

        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(wired::read).isInstanceOf(IOException.class).hasMessageContaining("receiveFile");
            assertThatThrownBy(() -> Waiting.get(connection.nextAsync()))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("receiveFile");
        }
        assertThat(connection.isOpen()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {Kinds.FILE_DATA, Kinds.FILE_END})
    void partOfAFileThatHasNotBegunIsAProtocolError(int kind) throws Exception {
        wired.receive(kind, (byte) 0);

        assertThatThrownBy(wired::read).isInstanceOf(IOException.class).hasMessageContaining("outside of a file");
        assertThat(wired.waiting()).containsExactly("7:1002 frame breaks the protocol");
    }

    @Test
    void requestIsRefusedByAReaderWhereNobodyAnswers() throws Exception {
        wired.receive(Kinds.REQUEST, new byte[] {7, 0, 0, 0, 0, 0, 0, 0, 'a'});
        wired.receive(Kinds.DATA, (byte) 1);
        wired.advance(14);
        assertThat(wired.waiting()).isEmpty();

        assertThat(wired.read()).isEqualTo(ByteBuffer.wrap(new byte[] {1}));

        assertThat(wired.waiting()).containsExactly("3:\7\0\0\0\0\0\0\0\1this end answers no requests");
        assertThat(connection.isOpen()).isTrue();
    }

    @Test
    void requestThatComesInPiecesIsRefusedByAReaderThatWaits() throws Exception {
        CompletableFuture<ByteBuffer> read = connection.readAsync();
        wired.receiveBytes(
                Unpooled.buffer().writeIntLE(11).writeByte(Kinds.REQUEST).writeIntLE(7));
        wired.receiveBytes(Unpooled.buffer().writeIntLE(0).writeByte('a'));
        var taken = new AtomicInteger();
        Inlet.Taker taker = frames -> frames.whole() != null && taken.incrementAndGet() > 0;
        connection.inlet().serve(taker, taker);
        wired.receiveBytes(Unpooled.buffer().writeByte('b'));
        wired.receive(Kinds.DATA, (byte) 1);

        assertThat(read).isCompletedWithValue(ByteBuffer.wrap(new byte[] {1}));
        assertThat(wired.waiting()).hasSize(1);
        assertThat(taken).hasValue(0);
        wired.receive(Kinds.REQUEST, new byte[8]);
        wired.run();
        assertThat(taken).hasValue(1);
    }

    @Test
    void answerThatNobodyAskedForIsDropped() throws Exception {
        wired.receive(Kinds.RESPONSE, new byte[9]);
        wired.receive(Kinds.DATA, (byte) 1);

        assertThat(wired.read()).isEqualTo(ByteBuffer.wrap(new byte[] {1}));
        assertThat(wired.waiting()).isEmpty();
    }

    @Test
    void requestsGoToTheirTakerWhetherAnybodyReadsOrNot() throws Exception {
        var taken = new StringBuilder();
        wired.receive(Kinds.REQUEST, (byte) 'a');
        Inlet.Taker taker = frames -> {
            ByteBuffer body = frames.whole();
            return body != null && taken.append((char) body.get()) != null;
        };
        connection.inlet().serve(taker, taker);
        wired.receive(Kinds.REQUEST, (byte) 'b');
        assertThat(taken).hasToString("ab");

        wired.receive(Kinds.DATA, (byte) 1);
        wired.receive(Kinds.REQUEST, (byte) 'c');
        assertThat(taken).hasToString("ab");
        assertThat(wired.read()).isEqualTo(ByteBuffer.wrap(new byte[] {1}));
        wired.run();
        assertThat(taken).hasToString("abc");

        CompletableFuture<ByteBuffer> read = connection.readAsync();
        wired.receive(Kinds.REQUEST, (byte) 'd');
        wired.receive(Kinds.DATA, (byte) 2);
        wired.receive(Kinds.REQUEST, (byte) 'e');
        assertThat(read).isCompletedWithValue(ByteBuffer.wrap(new byte[] {2}));
        assertThat(taken).hasToString("abcde");
    }

    /** Whether the first request or its taker comes first is up to the threads. */
    @Test
    void requestThatArrivesTogetherWithItsTakerIsTaken() throws Exception {
        Framing framing = Framing.typed(WiredChannel.FORMAT);
        for (int i = 0; i < 1_000; i++) {
            var inbox = new FrameInbox(framing, 1000, new FrameInbox.Feed() {
                @Override
                public boolean isOwnThread() {
                    return false;
                }

                @Override
                public void resume() {}

                @Override
                public void broken(Throwable why) {}
            });
            var inlet = new Inlet(inbox, true, connection.closing(), new Tally(null));
            var taken = new AtomicInteger();
            Inlet.Taker taker = frames -> frames.whole() != null && taken.incrementAndGet() > 0;
            ByteBuf frame = Unpooled.buffer();
            framing.writeHeader(frame, Kinds.REQUEST, 8);
            frame.writeLong(i);
            var arrival = CompletableFuture.runAsync(() -> inbox.add(frame));
            inlet.serve(taker, taker);
            arrival.get(30, TimeUnit.SECONDS);

            assertThat(taken).hasValue(1);
        }
    }

    @Test
    void unreadFramesCanBeReadAfterTheEnd() throws Exception {
        wired.receive(Kinds.DATA, (byte) 1);
        wired.receive(Kinds.CLOSE, (byte) 0xE8, (byte) 0x03);
        var unused = wired.channel.close();
        wired.run();
        assertThat(connection.closed()).isNotDone();

        assertThat(wired.read()).isEqualTo(ByteBuffer.wrap(new byte[] {1}));
        assertThat(wired.read()).isNull();

        wired.run();
        assertThat(connection.closed()).isCompletedWithValue(reason(1000, ""));
    }

    @Test
    void bareConnectionEndsWithAPlainEnd() throws Exception {
        try (var bare = new WiredChannel(Handshake.LEGACY)) {
            bare.receive(Kinds.DATA, (byte) 1);
            bare.endInput();

            assertThat(bare.read()).isEqualTo(ByteBuffer.wrap(new byte[] {1}));
            assertThat(bare.read()).isNull();
            assertThat(bare.connection.closeReason()).contains(reason(1005, ""));
        }
    }

    @Test
    void bareConnectionIsClosedWithoutAFrameAndHasNoSignsOfLife() throws Exception {
        try (var bare = new WiredChannel(Handshake.LEGACY)) {
            bare.advance(1000);
            assertThat(bare.connection.isOpen()).isTrue();
            assertThat(bare.waiting()).isEmpty();

            var unused = bare.connection.writeAsync(bytes("x"));
            var unusedEnd = bare.connection.closeAsync();
            bare.run();

            assertThat(bare.waiting()).containsExactly("0:x");
            assertThat(bare.ends).isZero();
            bare.channel.take(100);
            bare.run();
            assertThat(bare.ends).isEqualTo(1);
        }
    }

    @Test
    void blockingCallsAreRefusedOnTheEventLoop() {
        assertThatThrownBy(connection::read)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("readAsync");
    }
}
