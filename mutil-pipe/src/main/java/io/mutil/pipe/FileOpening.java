package io.mutil.pipe;

import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.FileChannel;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A file that one thread opens and uses, and another closes.
 *
 * <p>Opening a FIFO takes until somebody opens its other end, and a thread inside {@code open(2)} cannot be interrupted.
 * So a close meanwhile opens the file in a way that never waits and that the thread takes for the other end, and keeps it
 * open until the thread is out.
 */
final class FileOpening {
    /** Opens a file in some way. */
    interface Opener {
        FileChannel open() throws IOException;
    }

    private final Opener opener;
    private final Opener otherEnd;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable FileChannel channel;
    private @Nullable FileChannel release;
    private boolean opening;
    private boolean closed;

    /** @param otherEnd opens the same file without waiting, so that a thread inside {@code opener} comes out */
    FileOpening(Opener opener, Opener otherEnd) {
        this.opener = opener;
        this.otherEnd = otherEnd;
    }

    /** A file that is open already. */
    static FileOpening done(FileChannel channel) {
        var opening = new FileOpening(() -> channel, () -> channel);
        opening.channel = channel;
        return opening;
    }

    /** Opens the file, for as long as that takes. */
    FileChannel open() throws IOException {
        begin();
        FileChannel opened = null;
        try {
            opened = opener.open();
        } finally {
            finish(opened);
        }
        return opened;
    }

    private void begin() throws AsynchronousCloseException {
        lock.lock();
        try {
            if (closed) {
                throw new AsynchronousCloseException();
            }
            opening = true;
        } finally {
            lock.unlock();
        }
    }

    private void finish(@Nullable FileChannel opened) throws IOException {
        FileChannel releasing;
        boolean tooLate;
        lock.lock();
        try {
            opening = false;
            channel = opened;
            releasing = release;
            tooLate = closed;
        } finally {
            lock.unlock();
        }
        if (releasing != null) {
            releasing.close();
        }
        if (tooLate && opened != null) {
            opened.close();
            throw new AsynchronousCloseException();
        }
    }

    /** Closes the file, or ends the opening of it; whoever reads or writes is let go. */
    void close() throws IOException {
        FileChannel current;
        boolean stuck;
        lock.lock();
        try {
            stuck = opening && !closed;
            closed = true;
            current = channel;
        } finally {
            lock.unlock();
        }
        if (current != null) {
            current.close();
        } else if (stuck) {
            release();
        }
    }

    private void release() throws IOException {
        FileChannel releasing = otherEnd.open();
        lock.lock();
        try {
            if (opening) {
                release = releasing;
                return;
            }
        } finally {
            lock.unlock();
        }
        releasing.close();
    }
}
