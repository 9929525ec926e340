package io.mutil.testkit;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Random;

/** Damages bytes as a faulty line or a hostile peer would; the same random numbers do the same damage. */
public final class Mutations {
    private static final int LONGEST = 24;
    private static final byte[] EXTREMES = {0, 1, 0x7F, (byte) 0x80, (byte) 0xFF};

    private Mutations() {}

    /** A copy that was damaged so many times in a row. */
    public static byte[] damaged(byte[] bytes, int times, Random random) {
        byte[] result = bytes.clone();
        for (int i = 0; i < times; i++) {
            result = damaged(result, random);
        }
        return result;
    }

    private static byte[] damaged(byte[] bytes, Random random) {
        int from = random.nextInt(bytes.length + 1);
        int to = Math.min(bytes.length, from + random.nextInt(LONGEST));
        return switch (random.nextInt(6)) {
            case 0 -> flipped(bytes, random);
            case 1 -> replaced(bytes, from, to, filled(to - from, random));
            case 2 -> replaced(bytes, from, to, new byte[0]);
            case 3 -> replaced(bytes, from, from, random(random.nextInt(LONGEST), random));
            case 4 -> replaced(bytes, from, from, Arrays.copyOfRange(bytes, from, to));
            default -> Arrays.copyOf(bytes, from);
        };
    }

    private static byte[] flipped(byte[] bytes, Random random) {
        if (bytes.length == 0) {
            return bytes;
        }
        byte[] result = bytes.clone();
        result[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(Byte.SIZE));
        return result;
    }

    /** What makes the largest and the smallest numbers, wherever one is. */
    private static byte[] filled(int length, Random random) {
        byte[] result = new byte[length];
        Arrays.fill(result, EXTREMES[random.nextInt(EXTREMES.length)]);
        return result;
    }

    /** So many random bytes. */
    public static byte[] random(int length, Random random) {
        byte[] result = new byte[length];
        random.nextBytes(result);
        return result;
    }

    private static byte[] replaced(byte[] bytes, int from, int to, byte[] with) {
        var result = new ByteArrayOutputStream(bytes.length + with.length);
        result.write(bytes, 0, from);
        result.writeBytes(with);
        result.write(bytes, to, bytes.length - to);
        return result.toByteArray();
    }
}
