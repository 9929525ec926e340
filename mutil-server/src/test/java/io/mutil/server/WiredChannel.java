package io.mutil.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.mutil.codec.FrameFormat;
import io.mutil.codec.internal.Framing;
import io.mutil.codec.internal.Waiting;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A connection on a channel without a peer, whose time stands still until the test moves it. */
final class WiredChannel implements AutoCloseable {
    static final FrameFormat FORMAT = FrameFormat.littleEndian(4).maxBytes(1000);

    final StuckChannel channel = new StuckChannel();
    final Counters counters = new Counters();
    final Roster roster = new Roster();
    final Connection connection;
    int ends;
    private final Framing framing;

    WiredChannel() {
        this(Handshake.VERSION_2);
    }

    WiredChannel(Handshake handshake) {
        framing = handshake == Handshake.VERSION_2 ? Framing.typed(FORMAT) : Framing.bare(FORMAT);
        channel.freezeTime();
        ConnectionSettings settings = Server.builder(Way.KEYS).settings(Endpoint.tcp(0), false);
        var wiring = new Wiring(settings, counters, roster);
        Tail tail = reason -> {
            ends++;
            return channel.newSucceededFuture();
        };
        connection = wiring.connect(
                channel, new Agreement(handshake, "default", framing, framing, 1000), tail, Optional.empty());
        run();
    }

    void run() {
        for (int i = 0; i < 4; i++) {
            // what a scheduled task has submitted runs the next time
            channel.runPendingTasks();
        }
    }

    void advance(double seconds) {
        for (int i = 0; i < seconds * 4; i++) {
            channel.advanceTimeBy(250, MILLISECONDS);
            run();
        }
    }

    /** A frame arrives. */
    void receive(int kind, byte... payload) {
        ByteBuf frame = Unpooled.buffer();
        framing.writeHeader(frame, kind, payload.length);
        receiveBytes(frame.writeBytes(payload));
    }

    void receiveBytes(ByteBuf bytes) {
        channel.writeInbound(bytes);
        run();
    }

    /** The peer ends its half. */
    void endInput() {
        channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        run();
    }

    /** The next frame, which must be there. The loop of an embedded channel is every thread, so nothing may block. */
    @Nullable
    ByteBuffer read() throws Exception {
        var reading = connection.readAsync();
        assertThat(reading).isDone();
        return Waiting.get(reading);
    }

    /** What waits to be taken by the peer, frame by frame as "kind:payload". */
    List<String> waiting() throws Exception {
        run();
        ByteBuf all = Unpooled.buffer();
        channel.unsafe().outboundBuffer().forEachFlushedMessage(message -> {
            all.writeBytes(((ByteBuf) message).duplicate());
            return true;
        });
        var frames = new ArrayList<String>();
        while (all.isReadable()) {
            int length = (int) framing.readHeader(all);
            int kind = framing.typed() ? all.readByte() : 0;
            ByteBuf payload = all.readSlice(framing.typed() ? length - 1 : length);
            String text = kind == Kinds.CLOSE && payload.isReadable()
                    ? payload.readUnsignedShortLE() + " " + payload.toString(UTF_8)
                    : payload.toString(UTF_8);
            frames.add(kind + ":" + text);
        }
        return frames;
    }

    @Override
    public void close() {
        channel.finishAndReleaseAll();
    }
}
