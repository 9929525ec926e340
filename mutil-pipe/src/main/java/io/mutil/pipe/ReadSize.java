package io.mutil.pipe;

/** How large the next buffer should be: what is read into is kept until it is parsed, so not larger than it has to be. */
final class ReadSize {
    private static final int SMALLEST = 2 << 10;
    private static final int LARGEST = 64 << 10;

    private int next = SMALLEST;
    private int small;

    int next() {
        return next;
    }

    /** A read has brought so many bytes. */
    void read(int bytes) {
        if (bytes >= next) {
            next = Math.min(LARGEST, next * 4);
            small = 0;
        } else if (bytes > next / 4) {
            small = 0;
        } else if (++small == 2) {
            next = Math.max(SMALLEST, next / 2);
            small = 0;
        }
    }
}
