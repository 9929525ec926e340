package io.mutil.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.mutil.codec.internal.ChannelLink;
import io.mutil.codec.internal.FrameInbox;
import io.mutil.codec.internal.FrameOutbox;
import io.mutil.codec.internal.Framing;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Turns a channel whose peer has proved itself into a connection. The same on both sides. */
final class Wiring {
    private static final int CODE_BYTES = Short.BYTES;

    private final ConnectionSettings settings;
    private final Counters counters;
    private final Roster roster;

    Wiring(ConnectionSettings settings, Counters counters, Roster roster) {
        this.settings = settings;
        this.counters = counters;
        this.roster = roster;
    }

    /** Adds the handlers of an open connection. On the event loop, while nothing is read. */
    Connection connect(Channel channel, Agreement agreement, Tail tail, Optional<PeerCredentials> peer) {
        boolean typed = agreement.handshake() == Handshake.VERSION_2;
        var link = new ChannelLink(channel);
        var closing = new Closing(channel, tail, settings.link().drainTimeout());
        var tally = new Tally(roster.tally());
        var outbox = new FrameOutbox(
                agreement.outbound(), channel.alloc(), settings.link().outboundQueueBytes(), new Drain(link, closing));
        var inbox = new FrameInbox(agreement.inbound(), settings.inboundBufferBytes(), new Feed(link, closing));
        var inlet = new Inlet(inbox, typed, closing, tally);
        closing.join(inbox, outbox, inlet, reason -> typed ? closeFrame(channel, agreement, reason) : null);
        link.join(inbox, outbox);
        var connection = new Connection(channel, agreement, peer, outbox, inlet, closing, tally, settings.executor());
        roster.add(connection);
        // before the link's, whose reasons say less
        channel.closeFuture().addListener(f -> channel.eventLoop().execute(closing::channelClosed));
        addHandlers(channel, connection, link, tally);
        return connection;
    }

    private void addHandlers(Channel channel, Connection connection, ChannelLink link, Tally tally) {
        var pipeline = channel.pipeline();
        pipeline.addFirst(new WriteStall(
                settings.link().unwritableTimeout(), connection.outbox()::bytes, () -> dropSlow(connection)));
        boolean web = pipeline.get(BinaryMessages.class) != null;
        if (!settings.link().pingInterval().isZero() && (connection.typed() || web)) {
            pipeline.addFirst(new HeartBeat(settings.link().pingInterval(), new Signs(connection)));
        }
        pipeline.addLast(new Conduit(connection, tally), link);
    }

    private void dropSlow(Connection connection) {
        if (connection.closing().drop(new CloseReason(CloseReason.TRY_LATER, "peer takes no bytes"))) {
            connection.tally().closedSlow();
        }
    }

    private static ByteBuf closeFrame(Channel channel, Agreement agreement, CloseReason reason) {
        Framing framing = agreement.outbound();
        byte[] text = reason.reason().getBytes(UTF_8);
        int room = (int) Math.min(CODE_BYTES + (long) text.length, agreement.maxPayload());
        ByteBuf frame = channel.alloc().directBuffer(framing.maxHeaderBytes() + room);
        framing.writeHeader(frame, Kinds.CLOSE, room < CODE_BYTES ? 0 : room);
        if (room >= CODE_BYTES) {
            frame.writeShortLE(reason.code()).writeBytes(text, 0, room - CODE_BYTES);
        }
        return frame;
    }

    /** Joins the queues to the channel, and what breaks them to the closing. */
    private record Feed(ChannelLink link, Closing closing) implements FrameInbox.Feed {
        @Override
        public boolean isOwnThread() {
            return link.isOwnThread();
        }

        @Override
        public void resume() {
            link.resume();
        }

        @Override
        public void broken(Throwable why) {
            closing.inputBroken(why);
        }
    }

    private record Drain(ChannelLink link, Closing closing) implements FrameOutbox.Drain {
        @Override
        public boolean isOwnThread() {
            return link.isOwnThread();
        }

        @Override
        public void wake() {
            link.wake();
        }

        @Override
        public void broken(Throwable why) {
            closing.broken(new CloseReason(CloseReason.ABNORMAL, "writing failed: " + why));
        }
    }

    /** Says something on a connection on which nothing else is said, and looks at what nobody reads. */
    private final class Signs implements HeartBeat.Signs {
        private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);

        private final Connection connection;

        Signs(Connection connection) {
            this.connection = connection;
        }

        @Override
        public void beat(ChannelHandlerContext ctx, boolean heard, boolean said) {
            connection.inlet().settle();
            if (connection.typed()) {
                if (!said && connection.isOpen()) {
                    connection.outbox().tryWrite(Kinds.HEARTBEAT, EMPTY);
                }
            } else if (!heard) {
                var unused = ctx.channel().writeAndFlush(new PingWebSocketFrame());
            }
        }

        @Override
        public void dead() {
            if (connection
                    .closing()
                    .drop(new CloseReason(CloseReason.ABNORMAL, "no byte from the peer for too long"))) {
                counters.closedDead.increment();
            }
        }
    }
}
