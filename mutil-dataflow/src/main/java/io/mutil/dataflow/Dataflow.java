package io.mutil.dataflow;

import static java.util.Objects.requireNonNull;

import io.mutil.server.Endpoint;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A topology: an ingress, any number of levels of workers, and one or more egresses. Describes only;
 * {@link #start} runs it on threads of this process, any number of times.
 *
 * <p><b>Order.</b> What one sender sends to one receiver arrives in the order sent. So items of one client that are
 * routed by key keep their order per key through any number of keyed levels. Items that take different workers
 * overtake each other.
 *
 * <p><b>Delivery.</b> At most once. With blocking edges, the default, nothing is lost while the topology runs; what is on
 * its way when a deadline ends {@link RunningDataflow#close}, or a failure the topology, is lost and counted.
 *
 * <p><b>Processes.</b> {@link Workers#isolation} runs the workers of a level in child JVMs; everything said here holds for
 * them too.
 *
 * <p><b>Failures.</b> An item whose processing throws goes to the level's {@link ErrorHandler}; its {@link Supervision} says
 * whether the worker goes on, is replaced by a new one, or the topology ends. {@link DataflowDriver} runs a topology
 * step by step, for tests.
 *
 * <p><b>Back-pressure.</b> Every queue is bounded. A full one makes its sender wait, level by level back to the ingress,
 * which stops reading; each {@link Edge} may choose otherwise.
 *
 * <pre>{@code
 * JsonCodec<Long> json = JsonCodec.of(Long.class);
 * Dataflow echo = Dataflow.named("echo")
 *         .from(WebSocketIngress.listen("127.0.0.1", 2221, json))
 *         .through(Workers.<Long, Long>of((n, out) -> out.send(n + 1)).howMany(64).routeBy(n -> n))
 *         .to(WebSocketEgress.listen("127.0.0.1", 2222, json).filter(n -> n % 2 != 0))
 *         .to(WebSocketEgress.listen("127.0.0.1", 2223, json).filter(n -> n % 2 == 0))
 *         .build();
 * try (RunningDataflow running = echo.start()) {
 *     running.await();
 * }
 * }</pre>
 *
 * <p>Immutable; safe for many threads.
 */
public final class Dataflow {
    private final String name;
    private final Ingress<?> ingress;
    private final List<WorkerLevel<?, ?>> levels;
    private final List<EgressLevel<?>> egresses;
    private final Endpoint.@Nullable Web page;

    private Dataflow(
            String name,
            Ingress<?> ingress,
            List<WorkerLevel<?, ?>> levels,
            List<EgressLevel<?>> egresses,
            Endpoint.@Nullable Web page) {
        this.name = name;
        this.ingress = ingress;
        this.levels = List.copyOf(levels);
        this.egresses = List.copyOf(egresses);
        this.page = page;
    }

    /** Begins a topology. The name appears in thread names, logs and statistics. */
    public static Start named(String name) {
        return new Start(Names.check(name));
    }

    /**
     * Runs the topology on threads of this process, with the defaults of {@link ThreadRuntime}.
     *
     * @throws IOException if an address cannot be bound
     * @throws IllegalStateException if a start hook failed
     */
    public RunningDataflow start() throws IOException {
        return ThreadRuntime.builder().start(this);
    }

    /** The name given at the beginning. */
    public String name() {
        return name;
    }

    /** The same topology between other ends, and all in this process. */
    Dataflow between(Ingress<?> otherIngress, List<EgressLevel<?>> otherEgresses) {
        List<WorkerLevel<?, ?>> onThreads = new ArrayList<>();
        levels.forEach(level -> onThreads.add(level.onThreads()));
        return new Dataflow(name, otherIngress, onThreads, otherEgresses, null);
    }

    /** Where items come from. */
    public Ingress<?> ingress() {
        return ingress;
    }

    /** The levels of workers, in the order in which items pass them. */
    public List<WorkerLevel<?, ?>> levels() {
        return levels;
    }

    /** Where items go: each egress gets all that its filter accepts. */
    public List<EgressLevel<?>> egresses() {
        return egresses;
    }

    /**
     * The topology as text, a line for each level.
     *
     * <pre>
     * echo
     *   in         WebSockets, listening on ws://127.0.0.1:2221/
     *   workers-1  64 workers, by key; edges of 1024, BLOCK
     *   out-1      WebSockets, listening on ws://127.0.0.1:2222/, filtered; edges of 1024, BLOCK
     *   out-2      WebSockets, listening on ws://127.0.0.1:2223/, filtered; edges of 1024, BLOCK
     * </pre>
     */
    public String describe() {
        return Description.of(this);
    }

    /** Where the page is to be served, if anywhere. */
    Endpoint.@Nullable Web page() {
        return page;
    }

    @Override
    public String toString() {
        var text = new StringBuilder("Dataflow[").append(name).append(": ").append(ingress.name());
        levels.forEach(
                level -> text.append(" -> ").append(level.name()).append(" x ").append(level.howMany()));
        text.append(" -> ");
        text.append(String.join(", ", egresses.stream().map(EgressLevel::name).toList()));
        return text.append(']').toString();
    }

    /** A topology that has a name and no ingress yet. */
    public static final class Start {
        private final String name;

        private Start(String name) {
            this.name = name;
        }

        /** Sets where items come from. */
        public <T> Levels<T> from(Ingress<T> ingress) {
            return new Levels<>(name, requireNonNull(ingress, "ingress"), List.of());
        }
    }

    /**
     * A topology under construction that can get further levels.
     *
     * @param <T> what the last level so far sends on
     */
    public static final class Levels<T> {
        private final String name;
        private final Ingress<?> ingress;
        private final List<WorkerLevel<?, ?>> levels;

        private Levels(String name, Ingress<?> ingress, List<WorkerLevel<?, ?>> levels) {
            this.name = name;
            this.ingress = ingress;
            this.levels = levels;
        }

        /** Adds a level of workers. */
        public <O> Levels<O> through(Workers<? super T, O> workers) {
            var more = new ArrayList<>(levels);
            more.add(workers.level(levels.size() + 1));
            return new Levels<>(name, ingress, more);
        }

        /** Adds the first egress. */
        public Builder<T> to(Egress<? super T> egress) {
            return new Builder<T>(name, ingress, levels).to(egress);
        }
    }

    /**
     * A topology under construction that is complete, or can get further egresses. Not thread-safe.
     *
     * @param <T> what the last level sends
     */
    public static final class Builder<T> {
        private final String name;
        private final Ingress<?> ingress;
        private final List<WorkerLevel<?, ?>> levels;
        private final List<EgressLevel<?>> egresses = new ArrayList<>();
        private Endpoint.@Nullable Web page;

        private Builder(String name, Ingress<?> ingress, List<WorkerLevel<?, ?>> levels) {
            this.name = name;
            this.ingress = ingress;
            this.levels = levels;
        }

        /** Adds an egress, which gets every item that its filter accepts. */
        public Builder<T> to(Egress<? super T> egress) {
            egresses.add(egress.level(egresses.size() + 1));
            return this;
        }

        /**
         * Serves a page that shows the topology at work to a browser: every level with its rates, queues, errors and losses,
         * and which one the others wait for. It is read only. While nobody looks nothing is computed. Default: no page.
         *
         * <p>A level has a backlog if, in the last 3 seconds, its queues were a quarter full or more on average, or senders
         * waited for room in them most of the time, or items were dropped for want of it. It is <b>slow</b> if it was
         * at work most of the time, and has a backlog or keeps threads from levels that have one. It is <b>held up</b> if it
         * waited for a later level most of the time, or has a backlog and got no thread. It is <b>failing</b> if its errors rose within the last 10 seconds.
         *
         * <p>There is no authentication: whoever reaches the port sees names and figures, never an item. Pages of other
         * origins may not read them, and the port answers to {@code localhost}, to addresses and to {@code host} only.
         *
         * <pre>{@code
         * try (RunningDataflow running = flow.page("127.0.0.1", 0).build().start()) {
         *     System.out.println(running.page().orElseThrow()); // http://127.0.0.1:40391/
         * }
         * }</pre>
         *
         * @param host name or address to listen on, {@code 127.0.0.1} for this machine alone
         * @param port 0 for any free one, which {@link RunningDataflow#page} then tells
         * @throws IllegalArgumentException if the host is empty or the port out of range
         */
        public Builder<T> page(String host, int port) {
            page = Endpoint.webSocket(host, port, Page.LIVE);
            return this;
        }

        /**
         * Ends the construction.
         *
         * @throws IllegalArgumentException if two levels have the same name
         */
        public Dataflow build() {
            Set<String> names = new HashSet<>();
            ingress.names(ingress.name()).forEach(name -> addName(names, name));
            levels.forEach(level -> addName(names, level.name()));
            egresses.forEach(egress -> addName(names, egress.name()));
            return new Dataflow(name, ingress, levels, egresses, page);
        }

        private static void addName(Set<String> names, String name) {
            if (!names.add(name)) {
                throw new IllegalArgumentException(
                        "level name '" + name + "' is used twice; call named(...) on one of the two");
            }
        }
    }
}
