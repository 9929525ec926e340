package io.mutil.loop;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Tells programs of SIGINT and SIGTERM, and of a JVM that ends for another reason. A second signal ends the JVM.
 *
 * <p>The handlers of the whole process are replaced when the first program begins to listen, and put back when the last one has
 * ended, so that programs may end in any order. They come from {@code sun.misc}, which is no part of Java SE: where it is missing,
 * or the JVM runs with {@code -Xrs}, there is only the shutdown hook.
 */
final class SafeLoopSignals implements AutoCloseable {
    /** A program. */
    interface Listener {
        /** Must not block. */
        void signalled(int number);

        /** The JVM ends when this returns. */
        void shutdown();
    }

    private record Received(String name, int number) {}

    private record Replaced(Object signal, @Nullable Object previous) {}

    private static final Logger LOG = System.getLogger(SafeLoop.class.getName());
    private static final ReentrantLock LOCK = new ReentrantLock();
    private static final List<Listener> LISTENERS = new CopyOnWriteArrayList<>();
    private static final List<Replaced> REPLACED = new ArrayList<>();
    private static final AtomicReference<@Nullable Received> FIRST = new AtomicReference<>();

    private final Listener listener;
    private final Thread hook;

    private SafeLoopSignals(Listener listener) {
        this.listener = listener;
        hook = new Thread(listener::shutdown, "safe-loop-shutdown");
    }

    /** Begins to tell. */
    static SafeLoopSignals to(Listener listener) {
        var signals = new SafeLoopSignals(listener);
        try {
            Runtime.getRuntime().addShutdownHook(signals.hook);
        } catch (IllegalStateException e) {
            // the JVM ends already, and waits for nobody
            listener.signalled(0);
        }
        LOCK.lock();
        try {
            if (LISTENERS.isEmpty()) {
                FIRST.set(null);
                replace(new Received("INT", 2));
                replace(new Received("TERM", 15));
            }
            LISTENERS.add(listener);
        } finally {
            LOCK.unlock();
        }
        Received first = FIRST.get();
        if (first != null) {
            // others end because of it, and one more would end the JVM without a word to this one
            listener.signalled(first.number());
        }
        return signals;
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            LOG.log(Level.DEBUG, "the JVM ends, so its hook stays");
        }
        LOCK.lock();
        try {
            LISTENERS.remove(listener);
            if (LISTENERS.isEmpty()) {
                REPLACED.forEach(replaced -> restore(replaced));
                REPLACED.clear();
            }
        } finally {
            LOCK.unlock();
        }
    }

    private static void replace(Received ours) {
        try {
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object told = Proxy.newProxyInstance(
                    SafeLoopSignals.class.getClassLoader(),
                    new Class<?>[] {handler},
                    (proxy, method, arguments) -> answer(proxy, method, arguments, ours));
            Object signal = Class.forName("sun.misc.Signal")
                    .getConstructor(String.class)
                    .newInstance(ours.name());
            REPLACED.add(new Replaced(signal, handle(signal, told)));
        } catch (InvocationTargetException e) {
            LOG.log(Level.DEBUG, "SIG" + ours.name() + " is not ours, so a shutdown hook has to do: " + e.getCause());
        } catch (ReflectiveOperationException | LinkageError e) {
            LOG.log(Level.DEBUG, "no sun.misc.Signal in this JVM, so a shutdown hook has to do: " + e);
        }
    }

    private static void restore(Replaced replaced) {
        try {
            handle(replaced.signal(), replaced.previous());
        } catch (ReflectiveOperationException e) {
            LOG.log(Level.WARNING, "the handler of " + replaced.signal() + " stays replaced", e);
        }
    }

    private static @Nullable Object handle(Object signal, @Nullable Object handler)
            throws ReflectiveOperationException {
        return signal.getClass()
                .getMethod("handle", signal.getClass(), Class.forName("sun.misc.SignalHandler"))
                .invoke(null, signal, handler);
    }

    private static @Nullable Object answer(
            Object proxy, Method method, Object @Nullable [] arguments, Received signal) {
        switch (method.getName()) {
            case "handle" -> received(signal);
            case "equals" -> {
                return arguments != null && proxy == arguments[0];
            }
            case "hashCode" -> {
                return System.identityHashCode(proxy);
            }
            default -> {
                return "SafeLoop, SIG" + signal.name();
            }
        }
        return null;
    }

    private static void received(Received signal) {
        if (!FIRST.compareAndSet(null, signal)) {
            Runtime.getRuntime().halt(SafeLoop.SIGNALLED + signal.number());
        }
        LISTENERS.forEach(listener -> listener.signalled(signal.number()));
        // last, since whoever should read it may not
        LoopLog.log(LOG, Level.INFO, "SIG" + signal.name() + ": the program ends; one more ends it at once", null);
    }
}
