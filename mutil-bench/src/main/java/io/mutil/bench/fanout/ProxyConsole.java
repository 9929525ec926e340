package io.mutil.bench.fanout;

import io.netty.util.internal.PlatformDependent;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;

/** How the driver talks to a contestant that is a JVM: lines on its standard streams. */
final class ProxyConsole {
    /** Asks for the bytes in use. */
    static final String MEMORY = "memory";

    private static final int COLLECTIONS = 3;

    private ProxyConsole() {}

    /** Tells where the program listens, and answers until its input ends. */
    static void serve(int port) throws IOException {
        System.out.println(port);
        var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line; (line = lines.readLine()) != null; ) {
            if (line.equals(MEMORY)) {
                System.out.println(heapBytes() + directBytes());
            }
        }
    }

    private static long heapBytes() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
            least = Math.min(
                    least,
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
        return least;
    }

    /** Netty has either a counter of its own or buffers of the JDK. */
    private static long directBytes() {
        long ofJdk = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
        return ofJdk + (PlatformDependent.useDirectBufferNoCleaner() ? PlatformDependent.usedDirectMemory() : 0);
    }
}
