package io.mutil.cache;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** A directory of which one operation fails, or many. Nothing is forced to the disk, for no test cuts off its power. */
final class FaultyFolder implements Folder {
    /** What may fail. */
    enum Operation {
        CREATE,
        LIST,
        FACTS,
        OPEN_TO_READ,
        OPEN_TO_WRITE,
        READ,
        WRITE,
        /** Half of it is written. */
        SHORT_WRITE,
        SYNC,
        SYNC_FOLDER,
        LOCK,
        MODIFIED,
        REPLACE,
        DELETE,
        /** The file is closed all the same. */
        CLOSE
    }

    private final Folder folder;
    private final Map<Operation, Integer> counts = new EnumMap<>(Operation.class);
    private final Map<Operation, IntPredicate> faults = new EnumMap<>(Operation.class);
    private int failed;
    private final Map<Operation, Pause> pauses = new ConcurrentHashMap<>();

    /** Work before an operation. */
    interface Pause {
        void run() throws InterruptedException;
    }

    FaultyFolder(Path path) {
        this(new NioFolder(path));
    }

    FaultyFolder(Folder folder) {
        this.folder = folder;
    }

    /** From now on, does this before each of them. */
    void before(Operation operation, Pause pause) {
        pauses.put(operation, pause);
    }

    /** From now on, the operations whose numbers match fail, counted from 0. */
    synchronized void fail(Operation operation, IntPredicate which) {
        counts.remove(operation);
        faults.put(operation, which);
    }

    synchronized void heal() {
        faults.clear();
        counts.clear();
    }

    /** How many have failed. */
    synchronized int failed() {
        return failed;
    }

    /** How many were tried since {@link #heal}. */
    synchronized int count(Operation operation) {
        return counts.getOrDefault(operation, 0);
    }

    private void perhapsFail(Operation operation) throws IOException {
        try {
            pauses.getOrDefault(operation, () -> {}).run();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        if (isToFail(operation)) {
            throw new IOException("No space left on device");
        }
    }

    private synchronized boolean isToFail(Operation operation) {
        int number = counts.merge(operation, 1, Integer::sum) - 1;
        IntPredicate which = faults.get(operation);
        boolean fails = which != null && which.test(number);
        failed += fails ? 1 : 0;
        return fails;
    }

    @Override
    public void create() throws IOException {
        perhapsFail(Operation.CREATE);
        folder.create();
    }

    @Override
    public Object identity() throws IOException {
        return folder.identity();
    }

    @Override
    public boolean canName(String name) {
        return folder.canName(name);
    }

    @Override
    public List<String> names() throws IOException {
        perhapsFail(Operation.LIST);
        return folder.names();
    }

    @Override
    public Facts facts(String name) throws IOException {
        perhapsFail(Operation.FACTS);
        return folder.facts(name);
    }

    @Override
    public Handle openToRead(String name) throws IOException {
        perhapsFail(Operation.OPEN_TO_READ);
        return new FaultyHandle(folder.openToRead(name));
    }

    @Override
    public Handle openToWrite(String name) throws IOException {
        perhapsFail(Operation.OPEN_TO_WRITE);
        return new FaultyHandle(folder.openToWrite(name));
    }

    @Override
    public void setModified(String name, long micros) throws IOException {
        perhapsFail(Operation.MODIFIED);
        folder.setModified(name, micros);
    }

    @Override
    public void replace(String from, String to) throws IOException {
        perhapsFail(Operation.REPLACE);
        folder.replace(from, to);
    }

    @Override
    public void delete(String name) throws IOException {
        perhapsFail(Operation.DELETE);
        folder.delete(name);
    }

    @Override
    public void sync() throws IOException {
        perhapsFail(Operation.SYNC_FOLDER);
    }

    private final class FaultyHandle implements Handle {
        private final Handle file;

        FaultyHandle(Handle file) {
            this.file = file;
        }

        @Override
        public int read(byte[] into, int offset, int length, long position) throws IOException {
            perhapsFail(Operation.READ);
            return file.read(into, offset, length, position);
        }

        @Override
        public void write(byte[] from, int offset, int length, long position) throws IOException {
            perhapsFail(Operation.WRITE);
            if (isToFail(Operation.SHORT_WRITE)) {
                file.write(from, offset, length / 2, position);
                throw new IOException("No space left on device");
            }
            file.write(from, offset, length, position);
        }

        @Override
        public void sync() throws IOException {
            perhapsFail(Operation.SYNC);
        }

        @Override
        public @Nullable Closeable tryLock(long position) throws IOException {
            perhapsFail(Operation.LOCK);
            return file.tryLock(position);
        }

        @Override
        public void close() throws IOException {
            file.close();
            perhapsFail(Operation.CLOSE);
        }
    }
}
