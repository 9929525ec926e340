package io.mutil.s4lru;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Serial;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableRecorderTest {
    /** Another thread comes in before the lock is taken a second time. */
    private static final class SharedLock extends ReentrantLock {
        @Serial
        private static final long serialVersionUID = 1;

        private transient Runnable other = () -> {};
        private int lockings;

        @Override
        public void lock() {
            if (++lockings == 2) {
                other.run();
            }
            super.lock();
        }
    }

    @Test
    void hitsOfAKeyThatComesWhileCountsAreWrittenAreKept(@TempDir Path dir) throws Exception {
        Path path = dir.resolve("state.sqlite");
        var entries = new Entries(new SplittableRandom(1), 2);
        var lock = new SharedLock();
        var recorder = new TableRecorder(entries, lock);
        lock.other = () -> {
            int slot = entries.add("key", 1, 0);
            recorder.inserted(slot, 0);
            recorder.hit(slot);
            entries.setLevel(slot, 1);
        };
        try (StateFile file = StateFile.open(path)) {
            recorder.fold(file, Recorder.Breath.NONE, false);
            recorder.fold(file, Recorder.Breath.NONE, false);
        }
        assertThat(Databases.query(path, "SELECT * FROM lru")).containsExactly("key|1|1|1");
    }
}
