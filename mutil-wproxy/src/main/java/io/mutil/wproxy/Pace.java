package io.mutil.wproxy;

import java.util.concurrent.TimeUnit;

/** The time by which a recording is played. */
interface Pace {
    /** Nanoseconds, from wherever. */
    long now();

    /** Returns when {@link #now} has come to this. */
    void await(long nanos) throws InterruptedException;

    /** The time as it goes by. */
    Pace REAL = new Pace() {
        @Override
        public long now() {
            return System.nanoTime();
        }

        @Override
        public void await(long nanos) throws InterruptedException {
            for (long left = nanos - now(); left > 0; left = nanos - now()) {
                TimeUnit.NANOSECONDS.sleep(left);
            }
        }
    };
}
