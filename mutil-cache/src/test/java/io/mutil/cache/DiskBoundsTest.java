package io.mutil.cache;

import static io.mutil.cache.DiskFixture.meta;
import static io.mutil.cache.DiskFixture.name;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What goes and what stays, in a directory that others use too. */
class DiskBoundsTest extends DiskTest {
    @Test
    void theLeastRecentlyUsedGoesFirst() {
        try (var small = new DiskFixture(dir.resolve("small"), 1 << 20, 3)) {
            for (String file : List.of("a", "b", "c")) {
                small.put(file, file);
            }
            small.get("a");

            small.put("d", "d");

            assertThat(small.has("b")).isFalse();
            assertThat(List.of("a", "c", "d")).allMatch(small::has);
            assertThat(small.disk.stats().evicted()).isEqualTo(1);
        }
    }

    @Test
    void aUseIsNotWrittenToTheDiskAtEachHit() {
        fixture.put("one", "body");
        fixture.folder.heal();

        for (int i = 0; i < 100; i++) {
            fixture.get("one");
        }

        assertThat(fixture.folder.count(FaultyFolder.Operation.MODIFIED)).isZero();
        assertThat(fixture.folder.count(FaultyFolder.Operation.SYNC)).isZero();
        assertThat(fixture.folder.count(FaultyFolder.Operation.FACTS)).isZero();
        assertThat(fixture.folder.count(FaultyFolder.Operation.READ)).isEqualTo(100);
        fixture.millis.addAndGet(60_000);
        fixture.get("one");
        assertThat(fixture.folder.count(FaultyFolder.Operation.MODIFIED)).isEqualTo(1);
    }

    @Test
    void boundsHoldForWhatOthersStoredAfterAMinute() {
        try (var other = new DiskFixture(dir, 1 << 20, 3);
                var small = new DiskFixture(dir, 1 << 20, 3)) {
            other.put("a", "a");
            other.put("b", "b");
            small.put("c", "c");
            small.millis.addAndGet(60_001);

            small.put("d", "d");

            assertThat(small.disk.stats().entries()).isEqualTo(3);
            assertThat(small.has("d")).isTrue();
        }
    }

    @Test
    void whatAnotherHasUsedIsNotEvictedAsUnused() throws IOException {
        try (var small = new DiskFixture(dir, 1 << 20, 3)) {
            for (String file : List.of("a", "b", "c")) {
                small.put(file, file);
            }
            Files.setLastModifiedTime(dir.resolve("a"), FileTime.fromMillis(small.millis.get() + 5_000));

            small.put("d", "d");

            assertThat(small.has("a")).isTrue();
            assertThat(small.has("b")).isFalse();
        }
    }

    @Test
    void openingReadsOneHeaderOfEachFile() throws IOException {
        for (int i = 0; i < 500; i++) {
            EntryWriter writer = EntryWriter.begin(fixture.folder);
            writer.write(new byte[20_000], 0, 20_000);
            writer.finish(Slot.Kind.ANSWER, MetaBytes.of("f" + i, meta(1)), 1, 2, 3);
            writer.placeAs("f" + i, i);
        }
        var folder = new FaultyFolder(dir);

        try (var next = new DiskFixture(folder, 1 << 30, 1000, fixture.millis)) {
            assertThat(next.disk.stats().entries()).isEqualTo(500);
            assertThat(folder.count(FaultyFolder.Operation.OPEN_TO_READ)).isEqualTo(500);
            assertThat(folder.count(FaultyFolder.Operation.READ)).isEqualTo(500);
        }
    }

    @Test
    void whatAnotherSeesIsSeenAtOnce() {
        try (var other = new DiskFixture(dir)) {
            other.put("one", "body");
            assertThat(fixture.get("one")).isEqualTo("body");
            other.put("one", "another");
            assertThat(fixture.get("one")).isEqualTo("another");
            other.disk.remove(name("one"));
            assertThat(fixture.get("one")).isNull();
            assertThat(fixture.disk.stats().entries()).isZero();
        }
    }

    @Test
    void olderSiblingsGoWhenANewerOneIsInPlace() throws IOException {
        for (String file :
                List.of("a-2024-03-09-7", "a-2024-03-10-5", "a-2024-03-10-60", "a-2024-03-11", "a-b-2024-03-01")) {
            fixture.put(file, "body");
        }
        var name = new EntryName("a-2024-03-10-40", "a");
        DiskTier.Sink sink = requireNonNull(fixture.disk.begin(name));
        assertThat(files()).contains("a-2024-03-09-7");

        sink.commit(meta(1));

        assertThat(files())
                .containsExactly("a-2024-03-10-40", "a-2024-03-10-60", "a-2024-03-11", "a-b-2024-03-01", "locks");
    }

    @Test
    void siblingsOfAnEarlierProcessGoToo() throws IOException {
        assumeTrue(new NioFolder(dir).canName("日本"), "skipped: the locale has no such names");
        fixture.put(new EntryName("日本-2024-03-09", "日本"), new byte[1], meta(1));
        reopen();

        fixture.put(new EntryName("日本-2024-03-10", "日本"), new byte[1], meta(1));

        assertThat(files()).containsExactly("locks", "日本-2024-03-10");
    }
}
