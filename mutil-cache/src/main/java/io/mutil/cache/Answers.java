package io.mutil.cache;

import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Makes answers. The file of a large body is open from then until it is first read, so that it can be read even if it is replaced or
 * evicted in between. Of too many files, or too long ones, the one that waits for its reader longest is closed, and opened again by
 * its name when it is read: what was deleted takes its room on the disk as long as it is open.
 */
final class Answers implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Answers.class.getName());

    private final int most;
    private final long mostBytes;
    private final ReentrantLock lock = new ReentrantLock();
    // all with the lock
    private final Set<Opened> unread = new LinkedHashSet<>();
    private long bytes;
    private boolean closed;

    /**
     * Holds files open.
     *
     * @param most how many; 0 where an open file cannot be replaced
     * @param mostBytes of how many bytes together; one is open also if it has more
     */
    Answers(int most, long mostBytes) {
        this.most = most;
        this.mostBytes = mostBytes;
    }

    Answer of(Held held, Source source, long now) {
        // asked first: that a class has not some interface takes longer to find out than all the rest of a hit
        if (held.body() instanceof Body.InMemory || most == 0) {
            return new Answer(held, source, now);
        }
        return new Answer(held.body() instanceof Body.OnDisk body ? opened(held, body) : held, source, now);
    }

    private Held opened(Held held, Body.OnDisk body) {
        try {
            var opened = new Opened(body, body.open());
            add(opened);
            return new Held(held.meta(), opened);
        } catch (IOException e) {
            return held; // it may be there again when it is read
        }
    }

    private void add(Opened opened) {
        var tooMany = new ArrayList<Opened>();
        lock.lock();
        try {
            unread.add(opened);
            bytes += opened.length();
            while (closed ? !unread.isEmpty() : unread.size() > most || (bytes > mostBytes && unread.size() > 1)) {
                tooMany.add(removeFirst());
            }
        } finally {
            lock.unlock();
        }
        tooMany.forEach(Opened::close);
    }

    private Opened removeFirst() {
        Iterator<Opened> all = unread.iterator();
        Opened first = all.next();
        all.remove();
        bytes -= first.length();
        return first;
    }

    private void forget(Opened opened) {
        lock.lock();
        try {
            if (unread.remove(opened)) {
                bytes -= opened.length();
            }
        } finally {
            lock.unlock();
        }
    }

    /** How many files are open. */
    int open() {
        lock.lock();
        try {
            return unread.size();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        List<Opened> all;
        lock.lock();
        try {
            closed = true;
            all = List.copyOf(unread);
            unread.clear();
            bytes = 0;
        } finally {
            lock.unlock();
        }
        all.forEach(Opened::close);
    }

    private final class Opened implements Body.OnDisk {
        private final Body.OnDisk body;
        private final AtomicReference<@Nullable InputStream> first;

        Opened(Body.OnDisk body, InputStream first) {
            this.body = body;
            this.first = new AtomicReference<>(first);
        }

        @Override
        public long length() {
            return body.length();
        }

        @Override
        public InputStream open() throws IOException {
            InputStream open = first.getAndSet(null);
            if (open == null) {
                return body.open();
            }
            forget(this);
            return open;
        }

        void close() {
            InputStream open = first.getAndSet(null);
            try {
                if (open != null) {
                    open.close();
                }
            } catch (IOException e) {
                LOG.log(Level.WARNING, "the file of a body could not be closed", e);
            }
        }
    }
}
