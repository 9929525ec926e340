package io.mutil.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.mutil.testkit.Mutations;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Random;

/** Frames with kinds as no honest peer sends them, beside some that it does. */
final class HostileFrames {
    private static final long[] NUMBERS = {
        0, 1, 5, 100, 100_000, 1L << 31, (1L << 40) + 7, Long.MAX_VALUE - 5, Long.MAX_VALUE, Long.MIN_VALUE, -1
    };
    private static final int[] CODES = {0, 1, 999, 1000, 1001, 1004, 1005, 1006, 1015, 2999, 3000, 4999, 5000, 65535};
    private static final List<String> NAMES = List.of(
            "file",
            "a/b/c",
            "",
            "/",
            "/etc/passwd",
            "..",
            "../untouched",
            "a/../../untouched",
            "a//b",
            "./file",
            "a\\b",
            "..\\untouched",
            "C:/file",
            "C:file",
            "nul",
            "file\0",
            "file\n",
            ".mutil-0000000000000000.part/file",
            "\u00e4\ud83d\ude00\u202e",
            "x".repeat(300),
            "d/".repeat(100) + "deep",
            "y/".repeat(3000));

    private final Random random;
    private final ByteArrayOutputStream all = new ByteArrayOutputStream();

    HostileFrames(Random random) {
        this.random = random;
    }

    byte[] some() {
        for (int i = random.nextInt(8); i >= 0; i--) {
            add();
        }
        return all.toByteArray();
    }

    private void add() {
        switch (random.nextInt(14)) {
            case 0 -> frame(8 + random.nextInt(248), bytes(20));
            case 1 -> frame(Kinds.HEARTBEAT, bytes(300));
            case 2, 3 -> frame(Kinds.REQUEST, bytes(24));
            case 4 -> frame(Kinds.RESPONSE, bytes(24));
            case 5 -> frame(Kinds.FILE_START, start(random.nextInt(4), number(), number(), name()));
            case 6 -> frame(Kinds.FILE_START, bytes(30));
            case 7 -> frame(Kinds.FILE_DATA, bytes(300));
            case 8 -> frame(Kinds.FILE_END, end());
            case 9 -> frame(Kinds.CLOSE, close());
            case 10 -> all.writeBytes(header(number()));
            case 11 -> all.writeBytes(header(0));
            case 12 -> file();
            default -> frame(Kinds.DATA, bytes(300));
        }
    }

    /** Whole, or nearly. */
    private void file() {
        byte[] content = bytes(300);
        int missing = random.nextInt(4) == 0 ? random.nextInt(3) - 1 : 0;
        boolean sha256 = random.nextBoolean();
        frame(Kinds.FILE_START, start(sha256 ? 1 : 0, content.length + missing, 0, name()));
        if (random.nextInt(4) == 0) {
            add();
        }
        frame(Kinds.FILE_DATA, content);
        frame(Kinds.FILE_END, sha256 ? Side.join(new byte[1], Sha256.newDigest().digest(content)) : new byte[1]);
    }

    private byte[] start(int flags, long length, long offset, byte[] name) {
        ByteBuffer fixed = ByteBuffer.allocate(17).order(ByteOrder.LITTLE_ENDIAN);
        fixed.put((byte) flags).putLong(length).putLong(offset);
        return Side.join(fixed.array(), name);
    }

    private byte[] end() {
        int[] digests = {0, 1, 31, 32, 33, 1024, 1100};
        return Side.join(
                new byte[] {(byte) random.nextInt(3)},
                Mutations.random(digests[random.nextInt(digests.length)], random));
    }

    private byte[] close() {
        int code = CODES[random.nextInt(CODES.length)];
        byte[] whole = Side.join(new byte[] {(byte) code, (byte) (code >> 8)}, bytes(2000));
        return random.nextBoolean() ? whole : java.util.Arrays.copyOf(whole, random.nextInt(5));
    }

    private byte[] name() {
        return random.nextInt(4) == 0
                ? bytes(40)
                : NAMES.get(random.nextInt(NAMES.size())).getBytes(UTF_8);
    }

    private long number() {
        return NUMBERS[random.nextInt(NUMBERS.length)];
    }

    private byte[] bytes(int most) {
        return Mutations.random(random.nextInt(most + 1), random);
    }

    private void frame(int kind, byte[] body) {
        all.writeBytes(header(body.length + 1L));
        all.write(kind);
        all.writeBytes(body);
    }

    private static byte[] header(long length) {
        return ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt((int) length)
                .array();
    }

    /** A frame of a WebSocket with a mask or without, of any opcode and any length. */
    static byte[] webSocket(Random random) {
        byte[] payload = Mutations.random(random.nextInt(200), random);
        int length = random.nextInt(3) == 0 ? 125 + random.nextInt(3) : Math.min(payload.length, 125);
        int mask = random.nextInt(4) == 0 ? 0 : 0x80;
        byte[] head = {(byte) random.nextInt(256), (byte) (mask | length)};
        byte[] wide = length < 126 ? new byte[0] : Mutations.random(length == 126 ? 2 : 8, random);
        return Side.join(head, wide, new byte[mask == 0 ? 0 : 4], payload);
    }
}
