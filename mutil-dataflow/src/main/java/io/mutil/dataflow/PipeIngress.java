package io.mutil.dataflow;

import static java.util.Objects.requireNonNull;

import io.mutil.codec.Codec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * An ingress that frames come in through from pipes: inherited descriptors, FIFOs, child processes. Each frame holds one
 * item or, if the codec {@linkplain Codec#isText writes text}, an array of items.
 *
 * <p>Each pipe is a sender of its own, in the order given, so {@link Workers#routeBySender} can give each a worker. While
 * the first level has no room for the items of a frame, no other is read from that pipe, until its writer has to wait too.
 * A frame that the codec refuses is counted and logged as a warning, without what it holds; the pipe goes on.
 *
 * <p>The topology ends when all pipes have ended. One that breaks, inside a frame or because its child failed, is logged as
 * a warning and counts as a failure of the level; the others go on, unless {@link #supervise} says otherwise: then a child
 * that died can be started again.
 *
 * <pre>{@code
 * Ingress<Trade> trades = PipeIngress.of(
 *         JsonCodec.of(Trade.class),
 *         () -> Pipe.builder().readFifo(Path.of("trades.fifo")),
 *         PipeOpener.child(() -> ChildProcess.start(new ProcessBuilder("./feed"))));
 * }</pre>
 *
 * @param <T> items
 */
public final class PipeIngress<T> extends Ingress<T> {
    private final Codec<T> codec;
    private final List<PipeOpener> openers;

    private PipeIngress(Codec<T> codec, List<PipeOpener> openers) {
        this.codec = requireNonNull(codec, "codec");
        this.openers = List.copyOf(openers);
    }

    /** Opens the pipes when the topology starts, in this order. */
    public static <T> PipeIngress<T> of(Codec<T> codec, PipeOpener opener, PipeOpener... more) {
        List<PipeOpener> openers = new ArrayList<>();
        openers.add(opener);
        openers.addAll(List.of(more));
        return new PipeIngress<>(codec, openers);
    }

    @Override
    public PipeIngress<T> named(String name) {
        super.named(name);
        return this;
    }

    @Override
    public PipeIngress<T> onStart(StartHook hook) {
        super.onStart(hook);
        return this;
    }

    @Override
    public PipeIngress<T> supervise(Supervision supervision) {
        super.supervise(supervision);
        return this;
    }

    @Override
    int senders(FlowLoops loops) {
        return openers.size();
    }

    @Override
    OpenIngress open(String name, FlowContext context, FlowLoops loops, List<Sender<T>> senders, Stage stage)
            throws IOException {
        var failures = new Failures<T>(name, Failures.logging(name));
        var lanes = IngressLane.open(loops.group(), senders, failures, context, stage);
        List<PipeSource> pipes = openPipes();
        List<PipeSlot<T>> slots = new ArrayList<>();
        for (int i = 0; i < pipes.size(); i++) {
            slots.add(new PipeSlot<>(
                    openers.get(i),
                    pipes.get(i),
                    "pipe " + i + " of '" + name + "'",
                    context,
                    supervision().orElse(Supervision.skip()),
                    codec,
                    lanes.get(i),
                    failures));
        }
        return new OpenPipeIngress<>(failures, slots);
    }

    private List<PipeSource> openPipes() throws IOException {
        List<PipeSource> pipes = new ArrayList<>();
        try {
            for (PipeOpener opener : openers) {
                pipes.add(PipeSource.open(opener));
            }
            return pipes;
        } catch (IOException | RuntimeException | Error e) {
            pipes.forEach(pipe -> pipe.closeAsync().join());
            throw e;
        }
    }

    @Override
    public String toString() {
        return openers.size() + (openers.size() == 1 ? " pipe" : " pipes");
    }
}
