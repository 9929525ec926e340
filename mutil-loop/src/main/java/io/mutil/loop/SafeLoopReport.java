package io.mutil.loop;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What went wrong in a program, who hangs at its end, and the exit code that follows. */
final class SafeLoopReport {
    /** Of failures that are kept, and of those that are printed at the end. */
    private static final int MOST = 100;

    private static final Logger LOG = System.getLogger(SafeLoop.class.getName());

    private final ReentrantLock lock = new ReentrantLock();
    private final List<String> late = new ArrayList<>();
    private final List<String> hung = new ArrayList<>();
    private @Nullable Throwable first;
    private int failures;

    /**
     * Remembers a failure: what ended the program is to be told at once, what followed from it is told at the end.
     *
     * @param stopping whether the program was about to end
     * @return whether it is to be told now
     */
    boolean keep(String what, Throwable failure, boolean stopping) {
        String text = stopping ? what + ": " + printed(failure) : "";
        lock.lock();
        try {
            boolean now = first == null || !stopping;
            if (!now && late.size() < MOST) {
                late.add(text);
            }
            failures++;
            if (first == null) {
                first = failure;
            } else if (first != failure && failures <= MOST) {
                first.addSuppressed(failure);
            }
            return now;
        } finally {
            lock.unlock();
        }
    }

    void tell(String what, Throwable failure) {
        LoopLog.log(LOG, Level.ERROR, what + " failed", failure);
    }

    /**
     * Notes where somebody is who should have ended.
     *
     * @param thread null if it did not even begin, or ended just now
     */
    void hung(String what, Duration after, @Nullable Thread thread) {
        String where = thread == null
                ? "no thread\n"
                : thread + " " + thread.getState() + "\n" + trace(thread.getStackTrace());
        String text = what + " had " + after + ", and is at " + where;
        lock.lock();
        try {
            hung.add(text);
        } finally {
            lock.unlock();
        }
    }

    static String trace(StackTraceElement[] frames) {
        return Stream.of(frames).map(frame -> "\tat " + frame + "\n").collect(Collectors.joining());
    }

    private static String printed(Throwable failure) {
        var text = new StringWriter();
        try {
            failure.printStackTrace(new PrintWriter(text, true));
        } catch (Throwable e) {
            return failure.getClass().getName() + ", which cannot be printed: "
                    + e.getClass().getName() + "\n";
        }
        return text.toString();
    }

    @Nullable
    Throwable first() {
        lock.lock();
        try {
            return first;
        } finally {
            lock.unlock();
        }
    }

    /** Logs what is left to be told, and returns the exit code. */
    int finish(int signal) {
        int code;
        lock.lock();
        try {
            code = code(signal);
        } finally {
            lock.unlock();
        }
        // nobody adds to these any more whose word still counts
        log(Level.WARNING, " failed while the program ended:\n", late);
        log(Level.ERROR, " did not end in time, so the exit code is " + code + ":\n", hung);
        return code;
    }

    private int code(int signal) {
        if (!hung.isEmpty()) {
            return SafeLoop.HUNG;
        }
        if (first != null) {
            return SafeLoop.FAILED;
        }
        return signal == 0 ? SafeLoop.ENDED : SafeLoop.SIGNALLED + signal;
    }

    private void log(Level level, String what, List<String> texts) {
        List<String> copy;
        lock.lock();
        try {
            copy = List.copyOf(texts);
        } finally {
            lock.unlock();
        }
        if (!copy.isEmpty()) {
            LoopLog.log(LOG, level, copy.size() + what + String.join("", copy), null);
        }
    }
}
