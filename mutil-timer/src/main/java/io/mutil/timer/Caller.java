package io.mutil.timer;

import java.lang.StackWalker.Option;
import java.lang.StackWalker.StackFrame;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Who uses a timer, and where. Frames of the JDK's base, such as that of a future which closes a timer, are passed over.
 *
 * <p>Names and lines are made from the frame only when they are asked for, as that takes longer than finding it.
 */
final class Caller {
    /** For {@code getCallerClass}, which has to be called by the method whose caller is wanted. */
    static final StackWalker WALKER = StackWalker.getInstance(Option.RETAIN_CLASS_REFERENCE);

    private static final Set<Class<?>> OURS = Set.of(
            Caller.class,
            Timer.class,
            Section.class,
            Nesting.class,
            Steps.class,
            Progress.class,
            TimedStage.class,
            TimedStage.Result.class);

    private final Class<?> type;
    private final @Nullable StackFrame frame;

    private Caller(Class<?> type, @Nullable StackFrame frame) {
        this.type = type;
        this.frame = frame;
    }

    /**
     * The class that a section belongs to.
     *
     * @param direct what called this module, which may be the JDK on behalf of somebody
     */
    static Class<?> owner(Class<?> direct) {
        return isForeign(direct) ? direct : find(Timer.class).type;
    }

    /**
     * Walks the stack up to the frame that called this module.
     *
     * @param owner who it is if nobody is there but the JDK
     */
    static Caller find(Class<?> owner) {
        StackFrame frame = WALKER.walk(Caller::firstForeign);
        return frame == null ? new Caller(owner, null) : new Caller(frame.getDeclaringClass(), frame);
    }

    private static @Nullable StackFrame firstForeign(Stream<StackFrame> frames) {
        return frames.filter(frame -> isForeign(frame.getDeclaringClass()))
                .findFirst()
                .orElse(null);
    }

    private static boolean isForeign(Class<?> type) {
        return type.getModule() != Object.class.getModule() && !OURS.contains(type);
    }

    Class<?> type() {
        return type;
    }

    @Nullable
    String method() {
        return frame == null ? null : frame.getMethodName();
    }

    /** {@code Loader.load:42}; without a line, or a method, if that is unknown. */
    @Override
    public String toString() {
        String name = type.getName();
        String simple = name.substring(name.lastIndexOf('.') + 1);
        if (frame == null) {
            return simple;
        }
        int line = frame.getLineNumber();
        return simple + "." + frame.getMethodName() + (line < 0 ? "" : ":" + line);
    }
}
