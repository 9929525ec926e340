package io.mutil.bench.fanout;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * A message of the upstream, always of the same length: {@code {"sym":"K0123","seq":7,"t":123,"pad":"xxx"}}.
 *
 * <p>The first one has sequence number 1, and the key is that number modulo the keys; 0 is for probes. Times mean something in
 * this JVM only. What writes belongs to one thread; what reads is for all.
 */
final class Tick {
    static final int BYTES = 200;
    static final int MAX_KEYS = 10_000;

    private static final long EPOCH = System.nanoTime();
    private static final byte[] START = "{\"sym\":\"K0000\",\"seq\":".getBytes(US_ASCII);
    private static final byte[] TIME = ",\"t\":".getBytes(US_ASCII);
    private static final byte[] FILL = ",\"pad\":\"".getBytes(US_ASCII);
    private static final int LAST_DIGIT_OF_KEY = "{\"sym\":\"K0000".length() - 1;
    private static final int KEY_DIGITS = 4;

    private final byte[] bytes = Arrays.copyOf(START, BYTES);

    /** Nanoseconds as they stand in messages. */
    static long now() {
        return System.nanoTime() - EPOCH;
    }

    static String key(int key) {
        return String.format("K%04d", key);
    }

    void write(ByteBuf out, int key, long sequence, long time) {
        putKey(key);
        int at = putNumber(START.length, sequence);
        at = putNumber(put(at, TIME), time);
        at = put(at, FILL);
        Arrays.fill(bytes, at, BYTES - 2, (byte) 'x');
        bytes[BYTES - 2] = '"';
        bytes[BYTES - 1] = '}';
        out.writeBytes(bytes);
    }

    private void putKey(int key) {
        int rest = key;
        for (int i = 0; i < KEY_DIGITS; i++) {
            bytes[LAST_DIGIT_OF_KEY - i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
    }

    private int put(int at, byte[] what) {
        System.arraycopy(what, 0, bytes, at, what.length);
        return at + what.length;
    }

    private int putNumber(int at, long number) {
        int end = at + 1;
        for (long rest = number; rest >= 10; rest /= 10) {
            end++;
        }
        long rest = number;
        for (int i = end - 1; i >= at; i--) {
            bytes[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        return end;
    }

    /** Whether there is one; everything else that is received is an answer to a subscription. */
    static boolean isAt(byte[] bytes, int at) {
        return bytes[at + 2] == START[2] && bytes[at + 3] == START[3];
    }

    static long sequenceAt(byte[] bytes, int at) {
        return number(bytes, at + START.length);
    }

    static long timeAt(byte[] bytes, int at) {
        int comma = at + START.length;
        while (bytes[comma] != ',') {
            comma++;
        }
        return number(bytes, comma + TIME.length);
    }

    private static long number(byte[] bytes, int from) {
        long number = 0;
        for (int i = from; bytes[i] >= '0' && bytes[i] <= '9'; i++) {
            number = number * 10 + (bytes[i] - '0');
        }
        return number;
    }
}
