package io.mutil.cache;

import static io.mutil.cache.DiskFixture.WHOLE;
import static io.mutil.cache.DiskFixture.meta;
import static io.mutil.cache.DiskFixture.name;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.mutil.testkit.Mutations;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A file that was changed is a miss, or what it was before. */
class DamageTest {
    private static final byte[] BODY = Mutations.random(100, new Random(1));

    private final FaultyFolder folder = new FaultyFolder(new MemoryFolder());
    private final DiskFixture fixture = open();
    private byte[] whole = {};

    private DiskFixture open() {
        return new DiskFixture(folder, 1 << 20, 1000, new AtomicLong(1_700_000_000_000L));
    }

    @BeforeEach
    void store() throws IOException {
        fixture.put(name("one"), BODY, meta(1));
        fixture.renew("one", new Meta(200, Map.of("etag", List.of("\"a longer one\"")), 2, 3, 4));
        whole = read();
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private byte[] read() throws IOException {
        byte[] bytes = new byte[Math.toIntExact(folder.facts("one").size())];
        try (Folder.Handle file = folder.openToRead("one")) {
            assertThat(file.read(bytes, 0, bytes.length, 0)).isEqualTo(bytes.length);
        }
        return bytes;
    }

    private void write(byte[] bytes) throws IOException {
        folder.delete("one");
        try (Folder.Handle file = folder.openToWrite("one")) {
            file.write(bytes, 0, bytes.length, 0);
        }
    }

    private void assertRightOrMiss() throws IOException {
        Held held = fixture.disk.get(name("one"), WHOLE);
        if (held != null) {
            assertThat(((Body.InMemory) held.body()).bytes()).isEqualTo(BODY);
            assertThat(held.meta().storedAt()).isIn(1L, 2L);
        }
    }

    @Test
    void everyBitOfTheFileMatters() throws IOException {
        int misses = 0;
        for (int bit = 0; bit < whole.length * 8; bit++) {
            byte[] damaged = whole.clone();
            damaged[bit / 8] ^= (byte) (1 << (bit % 8));
            write(damaged);

            assertRightOrMiss();
            misses += fixture.has("one") ? 0 : 1;
        }
        // damage to one slot, or to the metadata of one, leaves the other
        assertThat(misses).isEqualTo(BODY.length * 8);
    }

    @Test
    void everyTruncationIsAMissOrTheStateBefore() throws IOException {
        for (int length = 0; length < whole.length; length++) {
            write(Arrays.copyOf(whole, length));

            assertRightOrMiss();
            if (length < Slot.HEADER + BODY.length) {
                assertThat(fixture.has("one")).isFalse();
            }
        }
    }

    @Test
    void zeroesInAnyPlaceAreAMissOrTheStateBefore() throws IOException {
        for (int from = 0; from < whole.length; from += 16) {
            byte[] damaged = whole.clone();
            Arrays.fill(damaged, from, damaged.length, (byte) 0);
            write(damaged);

            assertRightOrMiss();
        }
        write(new byte[whole.length]);
        assertThat(fixture.has("one")).isFalse();
    }

    @Test
    void anyDamageIsAMissOrWhatWasThere() throws IOException {
        var random = new Random(42);
        for (int i = 0; i < 1000; i++) {
            write(Mutations.damaged(whole, 1 + random.nextInt(4), random));

            assertRightOrMiss();
        }
    }

    @Test
    void aDamagedFileIsDeletedAtOpenAndCounted() throws IOException {
        write(Arrays.copyOf(whole, Slot.HEADER + 10));

        try (var next = open()) {
            assertThat(next.disk.stats().damaged()).isEqualTo(1);
            assertThat(next.disk.stats().entries()).isZero();
        }
        assertThat(folder.names()).doesNotContain("one");
    }

    /** Whatever part of the two writes of a renewal reached the disk. */
    @Test
    void aRenewalThatWasCutOffLeavesTheStateBefore() throws IOException {
        fixture.renew("one", new Meta(200, Map.of("etag", List.of("\"next\"")), 5, 6, 7));
        byte[] after = read();
        for (int changed = 0; changed < after.length; changed++) {
            byte[] torn = Arrays.copyOf(whole, after.length);
            System.arraycopy(after, 0, torn, 0, changed);
            write(torn);

            Held held = requireNonNull(fixture.disk.get(name("one"), WHOLE), "torn at " + changed);

            assertThat(held.meta().storedAt()).isIn(2L, 5L);
        }
    }
}
