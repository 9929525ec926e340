package io.mutil.dataflow;

import static java.util.Objects.requireNonNull;

import io.mutil.codec.Codec;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Runs the workers of a level in child JVMs, so that one that runs out of memory, crashes or leaks harms nobody else.
 *
 * <p>A child has the class path, the modules and the JVM arguments of this process, without its debugger and agents. The
 * level's {@link WorkerFactory} travels to it by serialisation: it and what it captures must be {@link java.io.Serializable}.
 * Items and results travel as frames on the child's standard streams, in batches that grow with the load; what is under
 * way to and from a worker is bounded by 4096 items and 1 MiB of them, and a full edge behind it holds the child back. What a
 * worker or its JVM prints goes to the log of this process. A child ends when this process does, however that ends.
 *
 * <p><b>When a child ends by itself</b>, what its workers had taken and not answered is lost and counted in
 * {@link DataflowStats#lost()}. Without {@link Workers#supervise} that stops the topology; with {@link Supervision#restart}, or
 * {@link Supervision#skip}, another child takes its place.
 *
 * <p><b>The start</b> of a child takes a good part of a second of processor time, most of it to load classes. Where a level has four
 * children or more for each processor, and the class path has jars only, they share what is loaded: a first child is given
 * what they will get and an empty item, but starts no worker, and leaves its classes in a file that only this user can
 * read and that is removed when all have started. {@code jvmArguments("-Xshare:auto")} does without.
 *
 * <pre>{@code
 * JsonCodec<Long> json = JsonCodec.of(Long.class);
 * Workers.<Long, Long>of((n, out) -> out.send(n + 1))
 *         .howMany(4)
 *         .isolation(Processes.of(json, json).heap("64m"));
 * }</pre>
 *
 * <p>Immutable.
 *
 * @param <I> items in
 * @param <O> items out
 */
public final class Processes<I, O> {
    private static final Pattern HEAP = Pattern.compile("[1-9][0-9]{0,9}[kKmMgG]?");
    private static final int MAX_WORKERS_PER_PROCESS = 1024;
    private static final Duration MAX_TIMEOUT = Duration.ofHours(1);

    private final Codec<I> in;
    private final Codec<O> out;
    private final int workersPerProcess;
    private final @Nullable String heap;
    private final List<String> jvmArguments;
    private final Duration startTimeout;

    private Processes(
            Codec<I> in,
            Codec<O> out,
            int workersPerProcess,
            @Nullable String heap,
            List<String> jvmArguments,
            Duration startTimeout) {
        this.in = in;
        this.out = out;
        this.workersPerProcess = workersPerProcess;
        this.heap = heap;
        this.jvmArguments = jvmArguments;
        this.startTimeout = startTimeout;
    }

    /** One child for each worker, with codecs for the items that go to it and those that come from it. */
    public static <I, O> Processes<I, O> of(Codec<I> in, Codec<O> out) {
        return new Processes<>(
                requireNonNull(in, "in"), requireNonNull(out, "out"), 1, null, List.of(), Duration.ofSeconds(60));
    }

    /**
     * How many workers of the level share a child, each with a thread there: fewer JVMs to start and to hold in memory, and
     * more that end together.
     *
     * @param workers 1 to 1024
     */
    public Processes<I, O> workersPerProcess(int workers) {
        if (workers < 1 || workers > MAX_WORKERS_PER_PROCESS) {
            throw new IllegalArgumentException(
                    "workersPerProcess must be 1 to " + MAX_WORKERS_PER_PROCESS + ", was " + workers);
        }
        return new Processes<>(in, out, workers, heap, jvmArguments, startTimeout);
    }

    /**
     * Largest heap of a child, as {@code -Xmx} takes it. Default: that of this process.
     *
     * @param size for example {@code 64m}
     */
    public Processes<I, O> heap(String size) {
        if (!HEAP.matcher(size).matches()) {
            throw new IllegalArgumentException("heap must be a number with k, m or g, as 64m, was '" + size + "'");
        }
        return new Processes<>(in, out, workersPerProcess, size, jvmArguments, startTimeout);
    }

    /** Further arguments of the child's JVM, behind those of this process, so that they win. */
    public Processes<I, O> jvmArguments(String... arguments) {
        return new Processes<>(in, out, workersPerProcess, heap, List.of(arguments), startTimeout);
    }

    /** How long all children together may take to start, and before them the one that shares its classes. Default 60 s. */
    public Processes<I, O> startTimeout(Duration timeout) {
        if (timeout.isNegative() || timeout.isZero() || timeout.compareTo(MAX_TIMEOUT) > 0) {
            throw new IllegalArgumentException("startTimeout must be positive and at most 1 hour, was " + timeout);
        }
        return new Processes<>(in, out, workersPerProcess, heap, jvmArguments, timeout);
    }

    Codec<I> in() {
        return in;
    }

    Codec<O> out() {
        return out;
    }

    int workersPerProcess() {
        return workersPerProcess;
    }

    @Nullable
    String heap() {
        return heap;
    }

    List<String> jvmArguments() {
        return jvmArguments;
    }

    Duration startTimeout() {
        return startTimeout;
    }
}
