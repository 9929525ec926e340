package io.mutil.bench.frames;

import io.mutil.codec.Codec;
import io.mutil.dataflow.Dataflow;
import io.mutil.dataflow.Egress;
import io.mutil.dataflow.Ingress;
import io.mutil.dataflow.Outlet;
import io.mutil.dataflow.Processes;
import io.mutil.dataflow.RunningDataflow;
import io.mutil.dataflow.Worker;
import io.mutil.dataflow.Workers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A topology with one worker, in a child JVM, that bursts of items pass through while it runs. */
final class ProcessFlow {
    private static final byte[] LAST = {1};
    private static final long PATIENCE_SECONDS = 60;

    private final BlockingQueue<Integer> bursts = new LinkedBlockingQueue<>();
    private final BlockingQueue<Long> arrived = new LinkedBlockingQueue<>();
    private final RunningDataflow running;
    private long returned;

    /** @param back whether items come back */
    ProcessFlow(byte[] item, boolean back) throws IOException {
        running = Dataflow.named("process")
                .from(Ingress.pulling(() -> new Bursts(item, bursts)))
                .through(Workers.<byte[], byte[]>startedBy(context -> new Receiver(back))
                        .howMany(1)
                        .isolation(Processes.of(Codec.bytes(), Codec.bytes())))
                .to(Egress.<byte[]>into(this::accept))
                .build()
                .start();
    }

    private void accept(byte[] item) {
        if (item.length == Long.BYTES) {
            arrived.add(returned + ByteBuffer.wrap(item).getLong());
            returned = 0;
        } else {
            returned++;
        }
    }

    void pass(int items) throws InterruptedException {
        bursts.add(items);
        Long count = arrived.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (count == null || count != items) {
            throw new IllegalStateException("of " + items + " items arrived " + count);
        }
    }

    void close() {
        bursts.add(-1);
        running.close();
    }

    /** Counts what it keeps, and tells after the last of a burst. */
    private static final class Receiver implements Worker<byte[], byte[]> {
        private final boolean back;
        private long kept;

        Receiver(boolean back) {
            this.back = back;
        }

        @Override
        public void process(byte[] item, Outlet<byte[]> out) {
            if (item.length == LAST.length) {
                out.send(ByteBuffer.allocate(Long.BYTES).putLong(kept).array());
                kept = 0;
            } else if (back) {
                out.send(item);
            } else {
                kept++;
            }
        }
    }

    /** The source: waits for each burst to be asked for. */
    private static final class Bursts implements Iterator<byte[]> {
        private final byte[] item;
        private final BlockingQueue<Integer> sizes;
        private int left;
        private boolean ended;

        Bursts(byte[] item, BlockingQueue<Integer> sizes) {
            this.item = item;
            this.sizes = sizes;
        }

        @Override
        public boolean hasNext() {
            if (left == 0 && !ended) {
                await();
            }
            return !ended;
        }

        private void await() {
            try {
                int size = sizes.take();
                ended = size < 0;
                left = size + 1;
            } catch (InterruptedException e) {
                ended = true;
            }
        }

        @Override
        public byte[] next() {
            if (ended) {
                throw new NoSuchElementException();
            }
            return --left == 0 ? LAST : item;
        }
    }
}
