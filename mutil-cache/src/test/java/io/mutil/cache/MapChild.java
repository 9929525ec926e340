package io.mutil.cache;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

/** Puts values until it is killed, and says which are on the disk. */
final class MapChild {
    static final int KEYS = 5;

    private MapChild() {}

    public static void main(String[] args) throws IOException {
        var random = new Random(Long.parseLong(args[1]));
        try (PersistentMap<byte[]> map = PersistentMap.open(Path.of(args[0]))) {
            for (int version = 1; true; version++) {
                int number = version;
                String key = "key" + random.nextInt(KEYS);
                if (random.nextBoolean()) {
                    map.put(key, value(key, version));
                    say(key + " " + version);
                } else {
                    CompletableFuture<Void> unused =
                            map.putAsync(key, value(key, version)).thenRun(() -> say(key + " " + number));
                }
            }
        }
    }

    private static synchronized void say(String line) {
        System.out.println(line);
        System.out.flush();
    }

    /** Begins with its version. */
    static byte[] value(String key, int version) {
        byte[] value = new byte[4 + new Random(version).nextInt(5000)];
        new Random(key.hashCode() + version).nextBytes(value);
        for (int i = 0; i < 4; i++) {
            value[i] = (byte) (version >> (8 * i));
        }
        return value;
    }

    /** The version of a value; -1 if it is none of this key. */
    static int version(String key, byte[] value) {
        int version = 0;
        for (int i = 0; i < 4; i++) {
            version |= (value[i] & 0xFF) << (8 * i);
        }
        return Arrays.equals(value, value(key, version)) ? version : -1;
    }
}
