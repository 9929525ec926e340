package io.mutil.server;

import static java.util.Objects.requireNonNull;

import io.mutil.codec.internal.Framing;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Connections that get the same frames.
 *
 * <p>A frame is encoded once, and its bytes are shared by the queues of all members; a member that is slow has a full queue
 * and misses frames, or is closed, and holds up nobody. A connection leaves by itself when it closes.
 *
 * <p>Safe for many threads; a member gets the frames of one thread in the order of its calls.
 *
 * <pre>{@code
 * BroadcastGroup followers = new BroadcastGroup(Overflow.CLOSE);
 * Server server = Server.builder(keys).onConnection(followers::add).start();
 * followers.send(payload);
 * }</pre>
 */
public final class BroadcastGroup {
    private final Overflow overflow;
    private final Set<Connection> members;
    private final Set<Connection> seen = ConcurrentHashMap.newKeySet();
    private final LongAdder sends = new LongAdder();
    private final LongAdder deliveries = new LongAdder();
    private final LongAdder refusals = new LongAdder();

    /** Makes an empty group.
     *
     * @param overflow what happens when a frame does not fit into the queue of a member: with {@link Overflow#REJECT}
     *     the member misses it, with {@link Overflow#CLOSE} the member is closed with {@link CloseReason#TRY_LATER}
     */
    public BroadcastGroup(Overflow overflow) {
        this(overflow, ConcurrentHashMap.newKeySet());
    }

    BroadcastGroup(Overflow overflow, Set<Connection> members) {
        this.overflow = requireNonNull(overflow, "overflow");
        this.members = members;
    }

    /**
     * Lets a connection get the frames that are sent from now on. One that is closed, or a member already, changes
     * nothing.
     */
    public void add(Connection connection) {
        members.add(requireNonNull(connection, "connection"));
        // once for each, however often it comes and goes
        if (seen.add(connection)) {
            connection.closing().whenEnded(() -> {
                // seen first: who adds it meanwhile either comes before the second, or has it removed once more
                seen.remove(connection);
                members.remove(connection);
            });
        }
    }

    /** Lets a connection get no more frames; those that are queued for it are still sent. */
    public void remove(Connection connection) {
        members.remove(connection);
    }

    /** How many connections are in the group. */
    public int size() {
        return members.size();
    }

    /**
     * Queues a frame for every member. Does not wait for anything.
     *
     * @param payload copied; its position is unchanged
     * @return how many members took it: not those whose queue is full, that have begun to close, or that take no frame
     *     of this length
     */
    public int send(ByteBuffer payload) {
        sends.increment();
        var frames = new HashMap<Form, ByteBuf>(4);
        int taken = 0;
        int asked = 0;
        try {
            for (Connection member : members) {
                asked++;
                if (member.isOpen() && payload.remaining() <= member.maxPayload()) {
                    taken += offer(member, frames, payload) ? 1 : 0;
                }
            }
        } finally {
            frames.values().forEach(ByteBuf::release);
        }
        deliveries.add(taken);
        refusals.add(asked - taken);
        return taken;
    }

    /** What makes the bytes of a frame differ between members. */
    private record Form(Handshake handshake, int headerBytes) {}

    private boolean offer(Connection member, Map<Form, ByteBuf> frames, ByteBuffer payload) {
        Framing framing = member.agreement().outbound();
        var form = new Form(member.handshake(), framing.maxHeaderBytes());
        ByteBuf frame = frames.get(form);
        if (frame == null) {
            frame = encode(member, framing, payload);
            frames.put(form, frame);
        }
        if (member.outbox().offerEncoded(frame)) {
            return true;
        }
        if (overflow == Overflow.CLOSE) {
            if (member.closing().start(new CloseReason(CloseReason.TRY_LATER, "outbound queue is full"))) {
                member.tally().closedSlow();
            }
        }
        return false;
    }

    private static ByteBuf encode(Connection member, Framing framing, ByteBuffer payload) {
        ByteBuf frame = member.channel().alloc().directBuffer(framing.maxHeaderBytes() + payload.remaining());
        framing.writeHeader(frame, Kinds.DATA, payload.remaining());
        return frame.writeBytes(payload.duplicate());
    }

    /** What has happened so far. */
    public Stats stats() {
        return new Stats(members.size(), sends.sum(), deliveries.sum(), refusals.sum());
    }

    /**
     * Counters and gauges of a group.
     *
     * @param members connections in the group now
     * @param sends frames sent to the group
     * @param deliveries frames taken by members, all of them together
     * @param refusals frames not taken by members, all of them together
     */
    public record Stats(int members, long sends, long deliveries, long refusals) {}

    @Override
    public String toString() {
        return "BroadcastGroup[" + members.size() + " members]";
    }
}
