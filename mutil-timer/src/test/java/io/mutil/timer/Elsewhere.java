package io.mutil.timer;

/** Another class than the one that made a section. */
final class Elsewhere {
    private Elsewhere() {}

    static Timer childOf(Timer timer) {
        return timer.child("parse");
    }

    static void close(Timer timer) {
        timer.close();
    }
}
