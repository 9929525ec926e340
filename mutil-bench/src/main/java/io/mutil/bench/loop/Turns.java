package io.mutil.bench.loop;

import io.mutil.loop.Completion;
import io.mutil.loop.ForeverLoop;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.Future;
import java.util.function.IntSupplier;

/** Sources that are at work all the time; whose turn comes is told and set to work again. */
interface Turns extends AutoCloseable {
    /** What the next one that was ready brought. */
    int next() throws InterruptedException, ExecutionException;

    @Override
    void close();

    /** By name, on an executor that the caller ends. */
    static Turns of(String who, int sources, Executor executor) {
        return switch (who) {
            case "mutil" -> new Mutil(sources, executor, false);
            case "mutil-async" -> new Mutil(sources, executor, true);
            case "completionService" -> new CompletionService(sources, executor);
            default -> throw new IllegalArgumentException("no contestant is called " + who);
        };
    }

    /** The little that a source does. */
    final class Work implements IntSupplier {
        private final int source;

        Work(int source) {
            this.source = source;
        }

        @Override
        public int getAsInt() {
            return source;
        }
    }

    /** Ours: callables, or stages that the same executor completes. */
    final class Mutil implements Turns {
        private final ForeverLoop<Integer> loop;

        Mutil(int sources, Executor executor, boolean async) {
            loop = ForeverLoop.builder().executor(executor).build();
            for (int i = 0; i < sources; i++) {
                var work = new Work(i);
                if (async) {
                    loop.add("s" + i, () -> CompletableFuture.supplyAsync(work::getAsInt, executor));
                } else {
                    loop.addBlocking("s" + i, work::getAsInt);
                }
            }
        }

        @Override
        public int next() throws InterruptedException {
            Completion<Integer> next = loop.take();
            return next.get();
        }

        @Override
        public void close() {
            loop.close();
        }
    }

    /** The JDK's; the result tells which source is to be submitted again. */
    final class CompletionService implements Turns {
        private final ExecutorCompletionService<Integer> service;
        private final Work[] works;

        CompletionService(int sources, Executor executor) {
            service = new ExecutorCompletionService<>(executor);
            works = new Work[sources];
            for (int i = 0; i < sources; i++) {
                works[i] = new Work(i);
                submit(i);
            }
        }

        private void submit(int source) {
            Future<Integer> unused = service.submit(works[source]::getAsInt);
        }

        @Override
        public int next() throws InterruptedException, ExecutionException {
            int source = service.take().get();
            submit(source);
            return source;
        }

        @Override
        public void close() {
            // what was submitted ends by itself
        }
    }
}
