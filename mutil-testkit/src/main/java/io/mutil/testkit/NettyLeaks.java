package io.mutil.testkit;

import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test class after which Netty reports a buffer that was collected without being released.
 *
 * <p>Registered for every test of a module that depends on the test kit; the leak level is set by the build.
 */
public final class NettyLeaks implements BeforeAllCallback, AfterAllCallback {
    // A logger is only weakly held by its manager, so the field keeps the handler attached.
    private static final Logger LOGGER = Logger.getLogger(ResourceLeakDetector.class.getName());
    private static final Queue<String> REPORTS = new ConcurrentLinkedQueue<>();

    static {
        LOGGER.addHandler(new Collector());
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        REPORTS.clear();
    }

    @Override
    public void afterAll(ExtensionContext context) throws InterruptedException {
        assertNone();
    }

    /**
     * For tests of other engines than Jupiter, which do not call extensions.
     *
     * @throws AssertionError if a buffer was lost
     */
    public static void assertNone() throws InterruptedException {
        collectGarbage();
        // The detector looks for lost buffers when the next one is allocated.
        for (int i = 0; i < 16; i++) {
            ByteBufAllocator.DEFAULT.directBuffer(1).release();
        }
        if (!REPORTS.isEmpty()) {
            throw new AssertionError(REPORTS.size() + " leaked buffers, the first: " + REPORTS.peek());
        }
    }

    private static void collectGarbage() throws InterruptedException {
        var queue = new ReferenceQueue<Object>();
        var sentinel = new PhantomReference<>(new Object(), queue);
        do {
            System.gc();
        } while (queue.remove(50) != sentinel);
    }

    private static final class Collector extends Handler {
        @Override
        public void publish(LogRecord entry) {
            REPORTS.add(String.valueOf(entry.getMessage()));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
