package io.mutil.pipe;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Array;
import java.lang.reflect.Method;
import java.util.Optional;

/**
 * Enlarges the kernel's buffer of a pipe, so that its two ends wait for each other less often.
 *
 * <p>Linux does that on request ({@code F_SETPIPE_SZ} of fcntl(2)), and a JDK can ask since 22, if whoever starts it allows
 * native access. The calls are looked up by name, because this is compiled for 17. Whatever does not work is left alone.
 */
final class PipeBuffer {
    private static final Logger LOGGER = System.getLogger(PipeBuffer.class.getName());
    private static final int F_SETPIPE_SZ = 1031;
    /** What every process may ask for, unless the administrator has said otherwise. */
    private static final int BYTES = 1 << 20;

    private static final Optional<MethodHandle> FCNTL = fcntl();

    private PipeBuffer() {}

    /** Tries, and gives how many bytes the pipe holds now; not positive if it was left alone. */
    static int enlarge(int descriptor) {
        try {
            return FCNTL.isEmpty() ? 0 : (int) FCNTL.get().invoke(descriptor, F_SETPIPE_SZ, BYTES);
        } catch (Throwable e) {
            LOGGER.log(Level.DEBUG, () -> "cannot enlarge the buffer of descriptor " + descriptor, e);
            return 0;
        }
    }

    private static Optional<MethodHandle> fcntl() {
        if (!System.getProperty("os.name", "").equals("Linux")
                || Runtime.version().feature() < 22) {
            return Optional.empty();
        }
        try {
            // asked first, because to be refused prints a warning
            Method allowed = Module.class.getMethod("isNativeAccessEnabled");
            return (boolean) allowed.invoke(PipeBuffer.class.getModule()) ? Optional.of(link()) : Optional.empty();
        } catch (ReflectiveOperationException | RuntimeException e) {
            LOGGER.log(Level.DEBUG, "cannot call fcntl", e);
            return Optional.empty();
        }
    }

    /** {@code int fcntl(int, int, ...)} with one more int. */
    private static MethodHandle link() throws ReflectiveOperationException {
        Class<?> linkers = Class.forName("java.lang.foreign.Linker");
        Class<?> segments = Class.forName("java.lang.foreign.MemorySegment");
        Class<?> layouts = Class.forName("java.lang.foreign.MemoryLayout");
        Class<?> descriptors = Class.forName("java.lang.foreign.FunctionDescriptor");
        Class<?> options = Class.forName("java.lang.foreign.Linker$Option");
        Object integer = Class.forName("java.lang.foreign.ValueLayout")
                .getField("JAVA_INT")
                .get(null);

        Object arguments = Array.newInstance(layouts, 3);
        for (int i = 0; i < 3; i++) {
            Array.set(arguments, i, integer);
        }
        Object function =
                descriptors.getMethod("of", layouts, arguments.getClass()).invoke(null, integer, arguments);
        Object variadic = Array.newInstance(options, 1);
        Array.set(variadic, 0, options.getMethod("firstVariadicArg", int.class).invoke(null, 2));

        Object linker = linkers.getMethod("nativeLinker").invoke(null);
        Object lookup = linkers.getMethod("defaultLookup").invoke(linker);
        Optional<?> address = (Optional<?>) Class.forName("java.lang.foreign.SymbolLookup")
                .getMethod("find", String.class)
                .invoke(lookup, "fcntl");
        // through a handle of ours, so that it is this module whose permission counts
        Method downcall = linkers.getMethod("downcallHandle", segments, descriptors, variadic.getClass());
        try {
            return (MethodHandle) MethodHandles.lookup()
                    .unreflect(downcall)
                    .asFixedArity()
                    .invoke(linker, address.orElseThrow(), function, variadic);
        } catch (ReflectiveOperationException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new ReflectiveOperationException(e);
        }
    }
}
