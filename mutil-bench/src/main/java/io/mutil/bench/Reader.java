package io.mutil.bench;

import static java.util.Objects.requireNonNull;

import io.mutil.server.WebSocket;
import io.mutil.server.WebSocketListener;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The client of an egress, which checks off the numbers that it receives. It reads bytes, not JSON trees, because its
 * work is part of what is measured.
 */
final class Reader implements WebSocketListener {
    private final boolean odd;
    private byte[] bytes = new byte[64 << 10];
    private volatile @Nullable Expectation expectation;
    private final AtomicLong received = new AtomicLong();
    private long lastArrival;

    private record Expectation(
            Checklist checklist, @Nullable Latencies latencies) {}

    Reader(boolean odd) {
        this.odd = odd;
    }

    /** Begins anew, with the numbers that are sent from now on; nothing may be on its way. */
    void expect(long firstSent, @Nullable Latencies latencies) {
        received.set(0);
        expectation = new Expectation(new Checklist(firstSent, odd), latencies);
    }

    @Override
    public void onMessage(WebSocket socket, boolean text, ByteBuf payload) {
        long now = System.nanoTime();
        var expected = requireNonNull(expectation, "nothing was sent yet");
        int length = payload.readableBytes();
        if (length > bytes.length) {
            bytes = new byte[length];
        }
        payload.getBytes(payload.readerIndex(), bytes, 0, length);
        int count = scan(bytes, length, expected, now);
        lastArrival = now;
        received.addAndGet(count);
    }

    private static int scan(byte[] bytes, int length, Expectation expected, long now) {
        int count = 0;
        long number = 0;
        boolean inside = false;
        for (int i = 0; i <= length; i++) {
            int digit = i < length ? bytes[i] - '0' : -1;
            if (digit >= 0 && digit <= 9) {
                number = number * 10 + digit;
                inside = true;
            } else if (inside) {
                take(number, expected, now);
                number = 0;
                inside = false;
                count++;
            }
        }
        return count;
    }

    private static void take(long number, Expectation expected, long now) {
        expected.checklist.check(number);
        if (expected.latencies != null) {
            expected.latencies.arrived(number - 1, now);
        }
    }

    /** Numbers received since the last {@link #expect}; whoever has read it sees what came before. */
    long received() {
        return received.get();
    }

    /** When the last message came, in {@link System#nanoTime}. */
    long lastArrival() {
        return lastArrival;
    }

    Checklist checklist() {
        return requireNonNull(expectation).checklist;
    }
}
