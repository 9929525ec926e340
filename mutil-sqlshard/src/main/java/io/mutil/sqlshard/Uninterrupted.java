package io.mutil.sqlshard;

/** Waits for what has to have ended before the caller goes on, even if that is interrupted. */
final class Uninterrupted {
    private Uninterrupted() {}

    interface Wait {
        /** Whether it is over. */
        boolean isOver() throws InterruptedException;
    }

    /** Waits again until it is over; an interrupt is kept for later. */
    static void run(Wait wait) {
        boolean interrupted = false;
        boolean over = false;
        while (!over) {
            try {
                over = wait.isOver();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
