package io.mutil.cache;

import static io.mutil.cache.DiskFixture.name;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.mutil.cache.DiskTier.Lease;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.ProcessBuilder.Redirect;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/** What other processes do with a directory. */
final class DiskChild {
    static final int KEYS = 12;
    private static final int CHUNK = 8 << 10;

    private DiskChild() {}

    public static void main(String[] args) throws Exception {
        Path directory = Path.of(args[1]);
        ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor(task -> {
            var thread = new Thread(task);
            thread.setDaemon(true);
            return thread;
        });
        try (FileDisk disk =
                FileDisk.open(directory, 1L << 30, 1000, new Threads(Runnable::run, Runnable::run, scheduler))) {
            switch (args[0]) {
                case "store" -> store(disk, Long.parseLong(args[2]));
                case "hold" -> hold(disk);
                case "begin" -> begin(disk);
                case "count" -> count(disk, directory.resolve("../count"), Integer.parseInt(args[2]));
                default -> work(disk, new Random(Long.parseLong(args[2])), 200);
            }
        }
    }

    /** Stores until it is killed, on two threads; says what is in place. */
    private static void store(FileDisk disk, long seed) throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            var random = new Random(seed + i);
            int first = i * KEYS / 2;
            var thread = new Thread(() -> {
                for (int version = 1; true; version++) {
                    int key = first + random.nextInt(KEYS / 2);
                    if (put(disk, key, version, random)) {
                        say(key + " " + version);
                    }
                }
            });
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private static synchronized void say(String line) {
        System.out.println(line);
        System.out.flush();
    }

    /** A body of several chunks, now and then a renewal after it. */
    static boolean put(FileDisk disk, int key, int version, Random random) {
        EntryName name = name("key" + key);
        DiskTier.Sink sink = requireNonNull(disk.begin(name));
        byte[] body = body(key, version);
        for (int from = 0; from < body.length; from += CHUNK) {
            sink.write(ByteBuffer.wrap(body, from, Math.min(CHUNK, body.length - from)));
        }
        Held kept = sink.commit(meta(version));
        if (kept != null && random.nextInt(3) == 0) {
            Meta meta = meta(version);
            disk.renew(name, kept, new Meta(200, Map.of("etag", List.of("\"renewed\"")), meta.storedAt(), 1, 2));
        }
        return kept != null;
    }

    static Meta meta(int version) {
        return new Meta(200, Map.of("x", List.of("y".repeat(version % 50))), version, version + 1, version + 2);
    }

    /** Says what it is, and so is never mistaken for another. */
    static byte[] body(int key, int version) {
        var random = new Random(key * 1_000_003L + version);
        byte[] body = new byte[random.nextInt(10) == 0 ? 200_000 : random.nextInt(3000)];
        random.nextBytes(body);
        return body;
    }

    /** Whether it is a version of its key, as it was stored. */
    static boolean isRight(int key, Held held) throws IOException {
        byte[] found;
        try (var in = held.body().open()) {
            found = in.readAllBytes();
        }
        return Arrays.equals(found, body(key, (int) held.meta().storedAt()));
    }

    /** Takes a lock, says so, and never gives it back. */
    private static void hold(FileDisk disk) throws Exception {
        Lease lease = disk.lock(name("held"), Duration.ofMinutes(1)).get();
        say("held " + (lease != null));
        System.in.read();
    }

    /** Begins an entry, says so, and never ends it. */
    private static void begin(FileDisk disk) throws IOException {
        DiskTier.Sink sink = requireNonNull(disk.begin(name("begun")));
        say("begun " + sink.write(ByteBuffer.wrap(new byte[CHUNK])));
        System.in.read();
    }

    /** Adds to a number in a file, which goes wrong if two do it at once. */
    static void count(FileDisk disk, Path file, int times) throws Exception {
        for (int i = 0; i < times; i++) {
            Lease lease = disk.lock(name("counted"), Duration.ofMinutes(1)).get();
            try {
                int number = Integer.parseInt(Files.readString(file).trim());
                Files.writeString(file, (number + 1) + "\n");
            } finally {
                lease.close();
            }
        }
    }

    /** Stores, reads and removes what others store, read and remove too. */
    static void work(FileDisk disk, Random random, int steps) throws IOException {
        for (int step = 0; step < steps; step++) {
            int key = random.nextInt(KEYS);
            switch (random.nextInt(6)) {
                case 0, 1 -> put(disk, key, random.nextInt(1000), random);
                case 2 -> disk.remove(name("key" + key));
                default -> {
                    Held held = disk.get(name("key" + key), 1 << 20);
                    if (held != null && !isRight(key, held)) {
                        throw new IllegalStateException("key " + key + " is wrong");
                    }
                }
            }
        }
    }

    /** Starts one. */
    static Process start(String what, Path directory, long number) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xshare:auto",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        DiskChild.class.getName(),
                        what,
                        directory.toString(),
                        Long.toString(number))
                .redirectError(Redirect.INHERIT)
                .start();
    }

    static BufferedReader output(Process child) {
        return new BufferedReader(new InputStreamReader(child.getInputStream(), UTF_8));
    }
}
