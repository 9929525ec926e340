package io.mutil.loop;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/** What {@link SafeLoopProgram} does with signals that it sends to itself. */
final class SafeLoopRaises {
    private final Consumer<String> out;

    SafeLoopRaises(Consumer<String> out) {
        this.out = out;
    }

    int run() throws Exception {
        var mine = new CountDownLatch(1);
        handle(mine::countDown);
        beforeTheBody();
        several();
        whileHooksRun();
        raise();
        mine.await();
        out.accept("the handler before is back");
        return 0;
    }

    private void beforeTheBody() {
        Queue<Runnable> queue = new ArrayDeque<>();
        int code = SafeLoop.builder()
                .executor(work -> {
                    queue.add(work);
                    raise();
                })
                .run(scope -> out.accept("the body ran"));
        queue.forEach(Runnable::run);
        out.accept("before the body " + code);
    }

    private void several() throws InterruptedException {
        var begun = new CountDownLatch(2);
        var closing = new CountDownLatch(1);
        var mayEnd = new CountDownLatch(1);
        SafeLoop one = SafeLoop.builder().start(scope -> {
            scope.onClose("holds", Duration.ofDays(1), () -> {
                closing.countDown();
                mayEnd.await();
            });
            begun.countDown();
            scope.awaitStop();
        });
        SafeLoop two = SafeLoop.builder().start(scope -> {
            begun.countDown();
            scope.awaitStop();
        });
        begun.await();
        raise();
        out.accept("two " + two.await());
        closing.await();
        out.accept("late " + SafeLoop.run(SafeLoopScope::awaitStop));
        mayEnd.countDown();
        out.accept("one " + one.await());
    }

    private void whileHooksRun() {
        int code = SafeLoop.run(scope -> scope.onClose("raises", Duration.ofDays(1), () -> {
            var begun = new CountDownLatch(1);
            // is told after the one whose hook this is
            SafeLoop other = SafeLoop.builder().start(inner -> {
                begun.countDown();
                inner.awaitStop();
            });
            begun.await();
            raise();
            other.await();
        }));
        out.accept("while hooks run " + code);
    }

    private static Object interrupt() throws ReflectiveOperationException {
        return Class.forName("sun.misc.Signal").getConstructor(String.class).newInstance("INT");
    }

    private static void raise() {
        try {
            Object signal = interrupt();
            signal.getClass().getMethod("raise", signal.getClass()).invoke(null, signal);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("no signals", e);
        }
    }

    private static void handle(Runnable work) throws ReflectiveOperationException {
        Class<?> handler = Class.forName("sun.misc.SignalHandler");
        Object ours = Proxy.newProxyInstance(
                SafeLoopRaises.class.getClassLoader(), new Class<?>[] {handler}, (proxy, method, arguments) -> {
                    work.run();
                    return null;
                });
        Object signal = interrupt();
        signal.getClass().getMethod("handle", signal.getClass(), handler).invoke(null, signal, ours);
    }
}
