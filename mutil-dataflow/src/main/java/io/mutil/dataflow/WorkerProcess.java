package io.mutil.dataflow;

import static java.lang.System.Logger.Level.ERROR;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.mutil.pipe.Pipe;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** The program of a child process: the workers of one level, fed by frames from the parent until those end. */
final class WorkerProcess {
    private static final System.Logger LOG = System.getLogger(Dataflow.class.getName());

    /** A frame may hold one item of any size that fits into one; this process has no other use for its memory. */
    private static final int INBOUND_BYTES = 4 << 20;

    private WorkerProcess() {}

    /** Runs until the parent closes its end, or is no more. */
    public static void main(String... args) {
        int status = 0;
        try (Pipe parent = Pipe.builder()
                .format(ChildHost.FORMAT)
                .inboundBufferBytes(INBOUND_BYTES)
                .over(0, 1)) {
            // what a worker prints must not get among the frames
            System.setOut(System.err);
            new WorkerProcess().serve(parent);
        } catch (Throwable e) {
            LOG.log(ERROR, "a process of workers cannot go on", e);
            status = 1;
        }
        // whatever threads and hooks the workers have left behind: this process is nobody's any more
        Runtime.getRuntime().halt(status);
    }

    private void serve(Pipe parent) throws IOException, InterruptedException {
        ByteBuffer first = parent.read();
        if (first == null) {
            return;
        }
        boolean rehearsal = first.get() == Entry.REHEARSE;
        List<WorkerSlot<?, ?>> slots;
        try {
            Assignment assignment = Assignment.of(first);
            slots = start(rehearsal ? assignment.rehearsal() : assignment, parent);
        } catch (Throwable e) {
            LOG.log(ERROR, "a worker did not start", e);
            parent.write(ByteBuffer.wrap(notStarted(e)));
            return;
        }
        parent.write(ByteBuffer.wrap(new byte[] {Entry.READY}));
        slots.forEach(WorkerSlot::run);
        for (ByteBuffer frame = parent.read(); frame != null; frame = parent.read()) {
            slots.get(frame.getInt(1)).add(frame);
        }
    }

    private static byte[] notStarted(Throwable failure) {
        byte[] text = failure.toString().getBytes(UTF_8);
        return ByteBuffer.allocate(1 + text.length)
                .put(Entry.NOT_STARTED)
                .put(text)
                .array();
    }

    @SuppressWarnings("unchecked") // the parent has put together what fits
    private static List<WorkerSlot<?, ?>> start(Assignment assignment, Pipe parent) throws Exception {
        List<WorkerSlot<?, ?>> slots = new ArrayList<>();
        for (int place = 0; place < assignment.indexes().size(); place++) {
            slots.add(new WorkerSlot<Object, Object>(assignment, place, parent));
        }
        return slots;
    }
}
