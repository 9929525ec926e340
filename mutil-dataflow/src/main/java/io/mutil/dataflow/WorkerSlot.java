package io.mutil.dataflow;

import static java.lang.System.Logger.Level.ERROR;

import io.mutil.codec.Codec;
import io.mutil.pipe.Pipe;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One worker in a child process, on a thread of its own. */
final class WorkerSlot<I, O> {
    private static final System.Logger LOG = System.getLogger(Dataflow.class.getName());

    private final Assignment assignment;
    private final int index;
    private final WorkerFactory<I, O> factory;
    private final Codec<I> in;
    private final RemoteOutlet<O> out;
    /** Not bounded here: the parent knows how much it may have under way. */
    private final BlockingQueue<ByteBuffer> frames = new LinkedBlockingQueue<>();

    private final RestartWindow window;
    private final long tickNanos;
    private long nextTick;
    private Worker<I, O> worker;

    @SuppressWarnings("unchecked") // the parent has put together what fits
    WorkerSlot(Assignment assignment, int place, Pipe parent) throws Exception {
        this.assignment = assignment;
        this.index = assignment.indexes().get(place);
        this.factory = (WorkerFactory<I, O>) assignment.factory();
        this.in = (Codec<I>) assignment.in();
        this.out = new RemoteOutlet<>(parent, place, (Codec<O>) assignment.out(), assignment.width());
        this.window = new RestartWindow(assignment.supervision());
        this.tickNanos = assignment.tick().toNanos();
        this.worker = start();
    }

    private Worker<I, O> start() throws Exception {
        return factory.start(new WorkerContext(assignment.level(), index, assignment.howMany()));
    }

    void run() {
        nextTick = System.nanoTime() + tickNanos;
        var thread = new Thread(this::work, assignment.level() + "-" + index);
        thread.setDaemon(true);
        thread.start();
    }

    void add(ByteBuffer frame) {
        frames.add(frame);
    }

    private void work() {
        try {
            while (true) {
                ByteBuffer frame = next();
                if (frame != null && frame.get() == Entry.END) {
                    finish();
                    return;
                }
                if (frame != null) {
                    frame.getInt();
                    process(frame);
                }
                tickIfDue();
                if (frames.isEmpty()) {
                    out.flush();
                }
            }
        } catch (InterruptedException | IOException e) {
            // the parent is gone, and soon this process
            return;
        } catch (Throwable e) {
            LOG.log(ERROR, "worker " + index + " of '" + assignment.level() + "' cannot go on", e);
            // without this thread the parent would wait for ever
            Runtime.getRuntime().halt(1);
        }
    }

    private @Nullable ByteBuffer next() throws InterruptedException {
        return tickNanos == 0 ? frames.take() : frames.poll(nextTick - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    private void process(ByteBuffer frame) throws IOException, InterruptedException {
        ByteBuf items = Unpooled.wrappedBuffer(frame);
        while (items.isReadable()) {
            ByteBuf item = items.readSlice(items.readInt());
            try {
                worker.process(in.decode(item), out);
            } catch (RemoteOutlet.ParentGone e) {
                throw e.cause();
            } catch (Throwable e) {
                out.failed(Entry.FAILED, e);
                supervise();
                continue;
            }
            out.done();
            tickIfDue();
        }
    }

    private void tickIfDue() throws IOException, InterruptedException {
        if (tickNanos == 0 || System.nanoTime() - nextTick < 0) {
            return;
        }
        nextTick = Math.max(nextTick + tickNanos, System.nanoTime());
        try {
            worker.tick(out);
        } catch (RemoteOutlet.ParentGone e) {
            throw e.cause();
        } catch (Throwable e) {
            out.failed(Entry.FAULT, e);
            supervise();
        }
    }

    private void finish() throws IOException, InterruptedException {
        try {
            worker.finish(out);
        } catch (RemoteOutlet.ParentGone e) {
            throw e.cause();
        } catch (Throwable e) {
            out.failed(Entry.FAULT, e);
        }
        close();
        out.end();
    }

    private void close() throws IOException, InterruptedException {
        if (worker instanceof AutoCloseable closeable) {
            try {
                closeable.close();
            } catch (Throwable e) {
                out.failed(Entry.FAULT, e);
            }
        }
    }

    private void supervise() throws IOException, InterruptedException {
        switch (assignment.supervision().action()) {
            case SKIP -> {}
            case STOP -> out.stop("its supervision is to stop");
            case RESTART -> {
                close();
                restart();
            }
        }
    }

    private void restart() throws IOException, InterruptedException {
        while (true) {
            Duration delay = window.next(System.nanoTime());
            if (delay == null) {
                out.stop(window.limit());
                // nothing more is processed: the parent ends this process
                Thread.sleep(Duration.ofDays(1).toMillis());
                return;
            }
            out.flush();
            TimeUnit.NANOSECONDS.sleep(delay.toNanos());
            try {
                worker = start();
                out.restarted();
                return;
            } catch (Exception e) {
                out.failed(Entry.FAULT, e);
            }
        }
    }
}
