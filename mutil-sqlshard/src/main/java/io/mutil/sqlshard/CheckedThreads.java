package io.mutil.sqlshard;

import java.util.concurrent.ThreadFactory;

/** Refuses a factory's answer that there will be no thread, as somebody would wait for that thread for ever. */
final class CheckedThreads implements ThreadFactory {
    private final ThreadFactory factory;

    CheckedThreads(ThreadFactory factory) {
        this.factory = factory;
    }

    @Override
    public Thread newThread(Runnable work) {
        Thread made = factory.newThread(work);
        if (made == null) {
            throw new IllegalStateException(
                    "thread factory " + factory + " returned null; let it return a new platform thread");
        }
        return made;
    }
}
