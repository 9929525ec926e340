package io.mutil.s4lru;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
    private final RefusingLock lock = new RefusingLock();
    private final LogRecorder recorder = new LogRecorder(new Entries(new SplittableRandom(1), 1), lock);
    private final StateFile file;
    private volatile Runnable drain = () -> {};

    JournalTest(@TempDir Path dir) throws IOException {
        file = StateFile.open(dir.resolve("state.sqlite"));
    }

    private Journal started() {
        var pace = new Pace(1_000_000, Duration.ofHours(1));
        var journal = new Journal(file, recorder, lock, () -> drain.run(), pace, Thread::new);
        journal.start(false);
        return journal;
    }

    @Test
    void anErrorOfItsOwnIsToldAndTriedAgain() throws Exception {
        Journal journal = started();
        drain = () -> {
            throw new OutOfMemoryError("as if");
        };
        assertThatThrownBy(journal::flush)
                .isInstanceOf(IOException.class)
                .hasRootCauseInstanceOf(OutOfMemoryError.class);
        assertThat(journal.isFailing()).isTrue();

        drain = () -> {};
        journal.flush();
        assertThat(journal.isFailing()).isFalse();
        journal.close();
    }

    @Test
    void anErrorAtTheEndIsToldToo() {
        Journal journal = started();
        drain = () -> {
            throw new OutOfMemoryError("as if");
        };
        assertThatThrownBy(journal::close).hasMessage("closed without what could not be written");
        assertThatThrownBy(journal::flush).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void nobodyWaitsForAThreadThatHasEnded() {
        Journal journal = started();
        drain = () -> lock.refusals.set(2);

        assertThatThrownBy(journal::flush).isInstanceOf(IOException.class);

        assertThatThrownBy(journal::flush)
                .hasRootCauseMessage(file.path() + " is not written any more; close it and open it again");
        assertThatThrownBy(journal::close).hasMessage("closed without what could not be written");
    }

    /** So that writing fails, and then saying so. */
    private static final class RefusingLock extends ReentrantLock {
        private static final long serialVersionUID = 1;

        private final transient AtomicInteger refusals = new AtomicInteger();

        @Override
        public void lock() {
            if (refusals.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                throw new OutOfMemoryError("as if");
            }
            super.lock();
        }
    }
}
