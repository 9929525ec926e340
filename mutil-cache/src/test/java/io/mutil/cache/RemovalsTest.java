package io.mutil.cache;

import static io.mutil.cache.DiskFixture.meta;
import static io.mutil.cache.DiskFixture.name;
import static org.assertj.core.api.Assertions.assertThat;

import io.mutil.cache.FaultyFolder.Operation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class RemovalsTest extends DiskTest {
    @Test
    void anEntryThatIsDeletedInPlaceOfItsPredecessorIsNotCounted() throws IOException {
        Path home = dir.resolve("small");
        try (var small = new DiskFixture(home, 1 << 20, 3)) {
            for (String file : List.of("a", "b", "c")) {
                small.put(file, file);
            }
            var first = new AtomicBoolean(true);
            small.folder.before(Operation.DELETE, () -> {
                if (first.getAndSet(false)) {
                    small.put("a", "another");
                }
            });

            small.put("d", "d");

            assertThat(files(home)).containsExactly("c", "d", "locks");
            assertThat(small.disk.stats().entries()).isEqualTo(2);
            assertThat(small.disk.stats().bytes())
                    .isEqualTo(Files.size(home.resolve("c")) + Files.size(home.resolve("d")));
        }
    }

    @Test
    void whatWasRemovedBeforeTheDirectoryCouldBeOpenedIsGone() throws IOException {
        fixture.put("one", "body");
        fixture.put("two", "body");
        try (DiskFixture late = thatCannotOpen()) {
            late.disk.remove(name("one"));

            assertThat(late.get("one")).isNull();
            opens(late);

            assertThat(late.get("one")).isNull();
            assertThat(late.get("two")).isEqualTo("body");
            assertThat(files()).containsExactly("locks", "new", "two");
        }
    }

    private DiskFixture thatCannotOpen() {
        var folder = new FaultyFolder(dir);
        folder.fail(Operation.LIST, n -> true);
        return new DiskFixture(folder, 1 << 20, 1000, fixture.millis);
    }

    private static void opens(DiskFixture late) {
        late.folder.heal();
        late.millis.addAndGet(1_000);
        assertThat(late.put("new", "body")).isNotNull();
        assertThat(late.get("new")).isEqualTo("body");
    }

    @Test
    void moreRemovedThanCanBeKeptInMindLeaveNothingOfBefore() throws IOException {
        fixture.put("one", "body");
        try (DiskFixture late = thatCannotOpen()) {
            late.folder.heal();
            for (int i = 0; i < Removals.MOST_DOOMED; i++) {
                late.disk.remove(name("other" + i));
            }
            assertThat(late.get("one")).isEqualTo("body");

            late.disk.remove(name("the last straw"));
            fixture.put(name("after that"), new byte[1], meta(late.millis.get() + 1));

            assertThat(late.get("one")).isNull();
            assertThat(late.has("after that")).isTrue();
            assertThat(late.folder.count(Operation.DELETE)).isZero();
            opens(late);
            assertThat(files()).containsExactly("after that", "locks", "new");
        }
    }

    @Test
    void whatIsClearedWhileOlderOnesAreDeletedIsNotFound() {
        try (DiskFixture late = thatCannotOpen()) {
            late.folder.heal();
            for (int i = 0; i <= Removals.MOST_DOOMED; i++) {
                late.disk.remove(name("other" + i));
            }
            fixture.put(name("after that"), new byte[1], meta(late.millis.get() + 1));
            late.folder.fail(Operation.LIST, n -> n == 0);
            var first = new AtomicBoolean(true);
            late.folder.before(Operation.LIST, () -> {
                if (first.getAndSet(false)) {
                    late.disk.clear();
                }
            });
            late.millis.addAndGet(1_000);
            late.put("new", "body");

            assertThat(late.has("after that")).isFalse();
        }
    }

    @Test
    void whatCouldNotBeClearedIsNotFound() throws IOException {
        fixture.put("one", "body");
        fixture.folder.fail(Operation.LIST, n -> true);

        fixture.disk.clear();

        assertThat(fixture.get("one")).isNull();
        opens(fixture);
        assertThat(files()).containsExactly("locks", "new");
        assertThat(fixture.disk.stats().entries()).isEqualTo(1);
    }

    @Test
    void aDiskThatIsFullLetsGoAtOnceWhatIsRemoved() throws IOException {
        fixture.put("one", "body");
        fixture.folder.fail(Operation.WRITE, n -> true);
        assertThat(fixture.put("two", "body")).isNull();
        assertThat(fixture.disk.begin(name("three"))).as("within the pause").isNull();

        fixture.disk.remove(name("one"));

        assertThat(files()).containsExactly("locks");
    }

    @Test
    void aFileThatIsNotThereIsNotKeptInMind() throws IOException {
        fixture.folder.fail(Operation.DELETE, n -> true);
        fixture.disk.remove(name("one"));
        try (var other = new DiskFixture(dir)) {
            other.put("one", "body");
        }

        assertThat(fixture.get("one")).isEqualTo("body");
        assertThat(fixture.disk.stats().failures()).isZero();
    }
}
