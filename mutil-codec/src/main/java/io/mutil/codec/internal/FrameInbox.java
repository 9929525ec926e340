package io.mutil.codec.internal;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where one feed puts bytes as they arrive, and any number of threads read frames.
 *
 * <p>Whoever reads also parses, so the feed spends nothing on single frames; it parses only for readers that wait.
 * Readings are served in the order in which they began. What has arrived and was not read is bounded, by one buffer of the
 * feed more or less.
 */
public final class FrameInbox {
    /** Where the bytes come from. The methods run without a lock, on the thread of a reader or of the feed. */
    public interface Feed {
        /** There is room again, after {@link FrameInbox#add} has returned false. */
        void resume();

        /** Whether the calling thread is one that brings the bytes, and so must not wait for them. */
        boolean isOwnThread();

        /** The bytes make no sense from here on; nothing that comes is read any more. May be said twice. */
        void broken(Throwable why);
    }

    /**
     * One reading: a step at a time, as bytes arrive.
     *
     * @param <T> what it results in
     */
    public abstract static class Reading<T extends @Nullable Object> {
        private @Nullable T result;
        private @Nullable Supplier<T> later;
        private @Nullable Throwable failure;
        private boolean done;
        private @Nullable CompletableFuture<T> future;

        /**
         * Goes as far as the bytes allow. Runs under a lock: it must neither block nor call out.
         *
         * @return whether it has finished, by {@link #finish} or {@link #fail}
         * @throws IOException if the stream makes no sense from here on
         */
        protected abstract boolean step(FrameParser frames) throws IOException;

        /** Ends this reading with a result. */
        protected final boolean finish(T value) {
            result = value;
            done = true;
            return true;
        }

        /** Ends this reading with what is worked out without the lock. It is asked once, whatever becomes of the reading. */
        protected final boolean finishLater(Supplier<T> value) {
            later = value;
            done = true;
            return true;
        }

        /** Ends this reading, and nothing else, with a failure. */
        protected final boolean fail(Throwable why) {
            failure = why;
            done = true;
            return true;
        }

        @SuppressWarnings("NullAway") // null is a value of T if somebody finished with it
        private T result() throws IOException {
            if (failure != null) {
                throw Waiting.failure(failure);
            }
            return later == null ? result : later.get();
        }

        @SuppressWarnings("NullAway") // null is a value of T if somebody finished with it
        private void complete() {
            if (future == null) {
                return;
            }
            try {
                if (failure != null) {
                    future.completeExceptionally(failure);
                } else {
                    future.complete(later == null ? result : later.get());
                }
            } catch (Throwable e) {
                // others are served behind this one
                future.completeExceptionally(e);
            }
        }
    }

    private static final long DROPPED = -1;

    private final int capacity;
    private final Feed feed;
    private final FrameParser frames;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition progress = lock.newCondition();
    private final ArrayDeque<Reading<?>> waiting = new ArrayDeque<>();
    private @Nullable Throwable broken;
    private boolean paused;
    private boolean closed;

    /** @param capacity how many bytes may have arrived unread before the feed is told to stop */
    public FrameInbox(Framing framing, int capacity, Feed feed) {
        this.capacity = capacity;
        this.feed = feed;
        this.frames = new FrameParser(framing, capacity);
    }

    /**
     * Takes bytes that have arrived, and the caller's reference to them.
     *
     * @return false if that is enough, until {@link Feed#resume} runs
     */
    public boolean add(ByteBuf bytes) {
        return store(bytes) == DROPPED || serve(true);
    }

    /**
     * As {@link #add}, but as long as there is room it leaves it to {@link #serve} to look after readers: so they are woken
     * once for many buffers.
     */
    public boolean collect(ByteBuf bytes) {
        return store(bytes) < capacity || serve(true);
    }

    /** Serves readers with what was collected; the result is that of {@link #add}. */
    public boolean serve() {
        return serve(true);
    }

    /** How many bytes wait now, or {@link #DROPPED} if nobody wants these. */
    private long store(ByteBuf bytes) {
        lock.lock();
        try {
            if (broken != null || closed) {
                bytes.release();
                return DROPPED;
            }
            frames.add(bytes);
            return frames.buffered();
        } finally {
            lock.unlock();
        }
    }

    /** No more bytes will come, and that is in order if the last frame is whole. */
    public void end() {
        end(null);
    }

    /** No more bytes will come, because of a failure. What has arrived can still be read. */
    public void fail(Throwable why) {
        end(why);
    }

    private void end(@Nullable Throwable why) {
        lock.lock();
        try {
            frames.end(why);
        } finally {
            lock.unlock();
        }
        serve(false);
    }

    /** Drops what has arrived, and fails readings from now on. */
    public void close(Throwable why) {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            if (broken == null) {
                broken = why;
            }
            frames.release();
        } finally {
            lock.unlock();
        }
        serve(false);
    }

    /**
     * Moves what has arrived and was not read out of the feed's buffers, and what still comes: for readers who may never
     * come, after the feed has ended. Nobody has to close the inbox then.
     */
    public void detach() {
        lock.lock();
        try {
            frames.detach();
        } finally {
            lock.unlock();
        }
    }

    /** Bytes that have arrived and were not read. */
    public long bufferedBytes() {
        lock.lock();
        try {
            return frames.buffered();
        } finally {
            lock.unlock();
        }
    }

    /** Frames that have been read to their end. */
    public long frames() {
        lock.lock();
        try {
            return frames.frames();
        } finally {
            lock.unlock();
        }
    }

    /** Bytes that have arrived, headers included. */
    public long bytes() {
        lock.lock();
        try {
            return frames.arrived();
        } finally {
            lock.unlock();
        }
    }

    /** Fails on the thread that brings the bytes: the call would wait for them. */
    public void refuseOwnThread(String call, String instead) {
        Waiting.refuse(feed.isOwnThread(), call, instead);
    }

    /** Waits for the result of a reading. After an interrupt the next reading goes on where this one was. */
    public <T extends @Nullable Object> T await(Reading<T> reading) throws IOException, InterruptedException {
        if (!begin(reading)) {
            try {
                awaitDone(reading);
            } catch (InterruptedException e) {
                // there may be enough for the next one
                serve(false);
                throw e;
            }
        }
        return reading.result();
    }

    private void awaitDone(Reading<?> reading) throws InterruptedException {
        lock.lock();
        try {
            while (!reading.done) {
                progress.await();
            }
        } catch (InterruptedException e) {
            if (!reading.done) {
                waiting.remove(reading);
                throw e;
            }
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Begins a reading. Whoever cancels the future, or completes it in another way, gives up its place; the next reading
     * goes on where this one was.
     */
    public <T extends @Nullable Object> CompletableFuture<T> submit(Reading<T> reading) {
        var future = new CompletableFuture<T>();
        reading.future = future;
        if (begin(reading)) {
            reading.complete();
        } else {
            var unused = future.whenComplete((result, e) -> {
                if (!reading.done) {
                    giveUp(reading);
                }
            });
        }
        return future;
    }

    /** Whether the reading could be served at once. */
    private boolean begin(Reading<?> reading) {
        boolean served;
        boolean resume;
        Throwable brokenNow;
        lock.lock();
        try {
            boolean wasBroken = broken != null;
            served = waiting.isEmpty() && step(reading);
            if (!served) {
                waiting.add(reading);
            }
            brokenNow = wasBroken ? null : broken;
            // before the wait: what this reading has gathered may be just what the feed is waiting for
            resume = takeResume();
        } finally {
            lock.unlock();
        }
        tell(resume, brokenNow);
        return served;
    }

    /** Lets the reading go on whose turn it is, which something else than a lack of bytes had kept from it. */
    public void advance() {
        serve(false);
    }

    private void giveUp(Reading<?> reading) {
        lock.lock();
        try {
            waiting.remove(reading);
        } finally {
            lock.unlock();
        }
        serve(false);
    }

    /** Serves those who wait. */
    private boolean serve(boolean mayPause) {
        List<Reading<?>> finished = List.of();
        Throwable brokenNow;
        boolean resume;
        boolean goOn;
        lock.lock();
        try {
            boolean wasBroken = broken != null && !closed;
            while (!waiting.isEmpty() && step(waiting.element())) {
                Reading<?> done = waiting.remove();
                if (done.future == null) {
                    progress.signalAll();
                } else {
                    finished = finished.isEmpty() ? new ArrayList<>(2) : finished;
                    finished.add(done);
                }
            }
            brokenNow = wasBroken || closed ? null : broken;
            paused |= mayPause && broken == null && frames.buffered() >= capacity;
            // also while bytes come: a reading that had stopped may just have taken what the feed was told to wait for
            resume = takeResume();
            goOn = !paused;
        } finally {
            lock.unlock();
        }
        tell(resume, brokenNow);
        finished.forEach(Reading::complete);
        return goOn;
    }

    private boolean step(Reading<?> reading) {
        if (reading.done) {
            return true;
        }
        if (broken != null) {
            return reading.fail(broken);
        }
        try {
            return reading.step(frames);
        } catch (Throwable e) {
            // an Error too: whoever waits would wait for ever
            broken = e;
            frames.release();
            return reading.fail(e);
        }
    }

    private boolean takeResume() {
        boolean lacking = !waiting.isEmpty() && frames.isCutOff();
        boolean resume = paused && (lacking || frames.buffered() <= capacity / 2);
        paused &= !resume;
        return resume;
    }

    private void tell(boolean resume, @Nullable Throwable brokenNow) {
        if (brokenNow != null) {
            feed.broken(brokenNow);
        } else if (resume) {
            feed.resume();
        }
    }
}
