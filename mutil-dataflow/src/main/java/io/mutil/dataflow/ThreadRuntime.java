package io.mutil.dataflow;

import static java.util.Objects.requireNonNull;

import io.mutil.codec.Transport;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Runs topologies on threads of this process.
 *
 * <p>Workers and in-process levels run on an executor: by default on virtual threads where the JDK has them (21 and
 * newer), on older ones on a pool of one daemon thread per processor. A worker that blocks holds one of those threads, so on
 * an older JDK give workers that block an executor with more threads. Network levels run on event loops of their own.
 *
 * <pre>{@code
 * try (RunningDataflow running = ThreadRuntime.builder()
 *         .executor(Executors.newFixedThreadPool(64))
 *         .drainTimeout(Duration.ofSeconds(2))
 *         .start(flow)) {
 *     running.await();
 * }
 * }</pre>
 */
public final class ThreadRuntime {
    private ThreadRuntime() {}

    /** The defaults, to be changed. */
    public static Builder builder() {
        return new Builder();
    }

    /** Options of one or more runs. Not thread-safe. */
    public static final class Builder {
        private static final Duration MAX_DRAIN = Duration.ofDays(1);

        private @Nullable Executor executor;
        private Transport transport = Transport.best();
        private int ioThreads = Runtime.getRuntime().availableProcessors();
        private Duration drainTimeout = Duration.ofSeconds(10);

        private Builder() {}

        /**
         * Threads for workers and in-process levels, which must not be the thread that hands a task over. The caller shuts
         * them down after the topology has ended: an executor that refuses a task ends the topology, one that throws
         * away what it has accepted stalls it.
         */
        public Builder executor(Executor executor) {
            this.executor = requireNonNull(executor, "executor");
            return this;
        }

        /** How network levels reach the operating system. Default: {@link Transport#best}. */
        public Builder transport(Transport transport) {
            this.transport = requireNonNull(transport, "transport");
            return this;
        }

        /** Event loops of the network levels, at least 1. Default: one per processor. */
        public Builder ioThreads(int threads) {
            if (threads < 1) {
                throw new IllegalArgumentException("ioThreads must be positive, was " + threads);
            }
            ioThreads = threads;
            return this;
        }

        /** How long {@link RunningDataflow#close} waits for what is on its way, up to a day. Default: 10 seconds. */
        public Builder drainTimeout(Duration timeout) {
            if (timeout.isNegative() || timeout.compareTo(MAX_DRAIN) > 0) {
                throw new IllegalArgumentException("drainTimeout must be 0 to 1 day, was " + timeout);
            }
            drainTimeout = timeout;
            return this;
        }

        /**
         * Starts a topology: start hooks of workers first, then the egresses are opened, then the ingress, which lets
         * nothing in before every start hook has returned.
         *
         * @throws IOException if an address cannot be bound; nothing keeps running
         * @throws IllegalStateException if a start hook failed; nothing keeps running
         */
        public RunningDataflow start(Dataflow flow) throws IOException {
            return new Assembly(flow, executor, transport, ioThreads, drainTimeout).start();
        }
    }
}
