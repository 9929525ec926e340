package io.mutil.cache;

import static io.mutil.cache.DiskFixture.WHOLE;
import static io.mutil.cache.DiskFixture.meta;
import static io.mutil.cache.DiskFixture.name;
import static io.mutil.cache.DiskFixture.text;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mutil.cache.FaultyFolder.Operation;
import io.mutil.testkit.Background;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileDiskTest extends DiskTest {
    @Test
    void whatWasCommittedIsFound() {
        Held committed = fixture.put("one", "body");

        Held found = requireNonNull(fixture.disk.get(name("one"), WHOLE));

        assertThat(text(committed)).isEqualTo("body");
        assertThat(text(found)).isEqualTo("body");
        assertThat(found.meta()).isEqualTo(meta(1));
        assertThat(found.body()).isInstanceOf(Body.InMemory.class);
        assertThat(fixture.disk.stats().entries()).isEqualTo(1);
    }

    @Test
    void bodiesOfAnySizeComeBackWholeAndAsStreams() throws IOException {
        for (int size : new int[] {0, 1, 127, 8064, 8063, 8065, 8192, 20_000, 300_000}) {
            byte[] body = new byte[size];
            new Random(size).nextBytes(body);
            fixture.put(name("sized"), body, meta(size));

            Held whole = requireNonNull(fixture.disk.get(name("sized"), WHOLE));
            Held stream = requireNonNull(fixture.disk.get(name("sized"), size - 1));

            assertThat(((Body.InMemory) whole.body()).bytes()).isEqualTo(body);
            assertThat(stream.body()).isInstanceOf(Body.OnDisk.class);
            assertThat(stream.body().length()).isEqualTo(size);
            try (InputStream in = stream.body().open()) {
                assertThat(in.readAllBytes()).isEqualTo(body);
            }
            assertThat(stream.meta()).isEqualTo(meta(size)).isEqualTo(whole.meta());
        }
    }

    @Test
    void entriesOutliveTheProcess() {
        fixture.put("one", "body");

        reopen();

        assertThat(fixture.disk.stats().entries()).isEqualTo(1);
        assertThat(fixture.disk.stats().bytes()).isEqualTo(size("one"));
        assertThat(fixture.get("one")).isEqualTo("body");
    }

    @Test
    void locksThatCouldNotBeOpenedAreOpenedLater(@TempDir Path other) throws IOException {
        var folder = new FaultyFolder(other);
        folder.fail(Operation.OPEN_TO_WRITE, n -> true);
        try (var late = new DiskFixture(folder, 1 << 20, 1000, fixture.millis)) {
            assertThat(files(other)).isEmpty();
            folder.heal();

            late.put("one", "body");

            assertThat(files(other)).containsExactly("locks", "one");
        }
    }

    @Test
    void aDirectoryThatWasDeletedGetsItsLocksBack(@TempDir Path parent) throws Exception {
        Path home = parent.resolve("cache");
        try (var deleted = new DiskFixture(home)) {
            Files.delete(home.resolve("locks"));
            Files.delete(home);
            assertThat(deleted.put("one", "body")).isNull();
            deleted.millis.addAndGet(1_000);

            deleted.put("one", "body");
            DiskTier.Lease lease =
                    deleted.disk.lock(name("one"), Duration.ofSeconds(1)).get();

            assertThat(files(home)).containsExactly("locks", "one");
            lease.close();
        }
    }

    @Test
    void anAbortedSinkLeavesNothing() throws IOException {
        DiskTier.Sink sink = requireNonNull(fixture.disk.begin(name("one")));
        sink.write(ByteBuffer.wrap(new byte[100]));

        sink.abort();

        assertThat(sink.write(ByteBuffer.wrap(new byte[100]))).isFalse();
        assertThat(sink.commit(meta(1))).isNull();
        assertThat(files()).containsExactly("locks");
        assertThat(fixture.disk.stats().failures()).isZero();
    }

    @Test
    void aBufferIsLeftAsItWas() throws IOException {
        ByteBuffer heap =
                ByteBuffer.wrap("..body..".getBytes(UTF_8)).position(2).limit(6);
        ByteBuffer direct = ByteBuffer.allocateDirect(20_000).position(3).limit(19_999);
        DiskTier.Sink sink = requireNonNull(fixture.disk.begin(name("one")));

        sink.write(heap);
        sink.write(direct);
        Held held = requireNonNull(sink.commit(meta(1)));

        assertThat(heap.position()).isEqualTo(2);
        assertThat(direct.position()).isEqualTo(3);
        assertThat(held.body().length()).isEqualTo(4 + 19_996);
        assertThat(text(held)).startsWith("body\0");
    }

    @Test
    void aBodyLargerThanTheDiskMayHoldIsNotKept() throws IOException {
        DiskTier.Sink sink = requireNonNull(fixture.disk.begin(name("one")));

        boolean all = true;
        for (int i = 0; i < 20; i++) {
            all &= sink.write(ByteBuffer.allocate(64 << 10));
        }

        assertThat(all).isFalse();
        assertThat(sink.commit(meta(1))).isNull();
        assertThat(files()).containsExactly("locks");
        assertThat(fixture.disk.stats().failures()).isZero();
    }

    @Test
    void aRenewalChangesMetadataAndLeavesTheBody() {
        fixture.put("one", "body");
        long before = size("one");
        for (int i = 2; i < 50; i++) {
            var meta = new Meta(200, Map.of("etag", List.of("\"" + "x".repeat(i % 7) + "\"")), i, i + 1, i + 2);

            assertThat(fixture.renew("one", meta)).isTrue();

            assertThat(requireNonNull(fixture.disk.get(name("one"), WHOLE)).meta())
                    .isEqualTo(meta);
            assertThat(fixture.get("one")).isEqualTo("body");
        }
        assertThat(size("one")).isLessThan(2 * before);
        reopen();
        assertThat(fixture.get("one")).isEqualTo("body");
    }

    @Test
    void aRenewalOfTimesAloneKeepsTheSize() {
        fixture.put("one", "body");
        long before = size("one");
        Meta meta = meta(1);
        for (int i = 2; i < 10; i++) {
            var renewed = new Meta(meta.status(), meta.headers(), i, 10 + i, 20 + i);
            fixture.renew("one", renewed);

            assertThat(requireNonNull(fixture.disk.get(name("one"), WHOLE)).meta())
                    .isEqualTo(renewed);
        }
        assertThat(size("one")).isEqualTo(before);
    }

    @Test
    void anotherBodyIsNotRenewed() {
        for (long wholeUpTo : new long[] {0, WHOLE}) {
            fixture.put("one", "body");
            Held known = requireNonNull(fixture.disk.get(name("one"), wholeUpTo));
            fixture.put(name("one"), "bodY".getBytes(UTF_8), meta(5));

            assertThat(fixture.disk.renew(name("one"), known, meta(2))).isFalse();

            assertThat(requireNonNull(fixture.disk.get(name("one"), WHOLE)).meta())
                    .isEqualTo(meta(5));
        }
    }

    @Test
    void whatIsNotThereIsNotRenewed() throws IOException {
        Held known = requireNonNull(fixture.put("one", "body"));
        fixture.disk.remove(name("one"));

        assertThat(fixture.disk.renew(name("one"), known, meta(2))).isFalse();

        assertThat(files()).containsExactly("locks");
    }

    @Test
    void aRemovedEntryIsGone() {
        fixture.put("one", "body");
        fixture.put("two", "body");

        fixture.disk.remove(name("one"));

        assertThat(fixture.get("one")).isNull();
        assertThat(fixture.get("two")).isEqualTo("body");
        fixture.disk.clear();
        assertThat(fixture.get("two")).isNull();
        assertThat(fixture.disk.stats().bytes()).isZero();
    }

    @Test
    void anInterruptedThreadIsServed() {
        fixture.put("one", "body");

        Thread.currentThread().interrupt();
        String found = fixture.get("one");
        Held stored = fixture.put("two", "more");

        assertThat(Thread.interrupted()).isTrue();
        assertThat(found).isEqualTo("body");
        assertThat(stored).isNotNull();
    }

    @Test
    void aBodyThatWasReplacedIsNotReadAsTheOldOne() {
        fixture.put("one", "body");
        Held held = requireNonNull(fixture.disk.get(name("one"), 0));
        fixture.put("one", "another");

        assertThatThrownBy(() -> held.body().open())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("fetch it again");
        fixture.disk.remove(name("one"));
        assertThatThrownBy(() -> held.body().open())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("fetch it again");
    }

    @Test
    void aReaderKeepsWhatItOpened() throws IOException {
        fixture.put("one", "body");
        Held held = requireNonNull(fixture.disk.get(name("one"), 0));

        try (InputStream in = held.body().open()) {
            fixture.put("one", "another");
            fixture.disk.remove(name("one"));
            assertThat(in.readAllBytes()).isEqualTo("body".getBytes(UTF_8));
        }
    }

    @Test
    void aDamagedStreamEndsWithAnErrorBeforeItsLastBytes() throws IOException {
        fixture.put("one", "0123456789");
        byte[] file = Files.readAllBytes(dir.resolve("one"));
        file[Slot.HEADER + 3] ^= 1;
        Files.write(dir.resolve("one"), file);
        Held held = requireNonNull(fixture.disk.get(name("one"), 0));

        try (InputStream in = held.body().open()) {
            assertThat(in.readNBytes(9)).hasSize(9);
            assertThatThrownBy(in::read).isInstanceOf(IOException.class).hasMessageContaining("fetch it again");
        }
        assertThat(fixture.get("one")).isNull();
        assertThat(files()).containsExactly("locks");
        assertThat(fixture.disk.stats().damaged()).isEqualTo(1);
    }

    @Test
    void aThreadThatLooksWhileAnotherStoresSeesOneOrTheOther() throws Exception {
        fixture.put("one", "old ".repeat(1000));
        CompletableFuture<Void> writer = Background.run(() -> {
            for (int i = 0; i < 200; i++) {
                fixture.put("one", (i % 2 == 0 ? "new " : "old ").repeat(1000));
                fixture.renew("one", meta(i));
            }
        });

        int looks = 0;
        while (!writer.isDone() || looks == 0) {
            assertThat(fixture.get("one")).isIn("old ".repeat(1000), "new ".repeat(1000));
            looks++;
        }

        writer.get(30, TimeUnit.SECONDS);
        assertThat(fixture.disk.stats().damaged()).isZero();
    }

    @Test
    void afterCloseNothingIsFoundAndNothingWritten() throws IOException {
        fixture.put("one", "body");
        DiskTier.Sink sink = requireNonNull(fixture.disk.begin(name("two")));
        sink.write(ByteBuffer.wrap(new byte[10]));

        fixture.disk.close();
        fixture.disk.close();

        assertThat(sink.commit(meta(1))).isNull();
        assertThat(fixture.get("one")).isNull();
        assertThat(fixture.disk.begin(name("two"))).isNull();
        assertThat(fixture.renew("one", meta(2))).isFalse();
        assertThat(files()).containsExactly("locks", "one");
    }

    @Test
    void anEntryOfAnotherOwnerIsNotRenewedThoughItsBodyIsTheSame() {
        Meta meta = meta(1);
        for (String owner : List.of("alice", "bob")) {
            fixture.put(name(owner), new byte[10], owned(owner, meta));
        }
        fixture.put(name("shared"), new byte[10], owned("bob", meta));
        Held ofAlice = requireNonNull(fixture.disk.get(name("alice"), WHOLE));
        Held ofBob = requireNonNull(fixture.disk.get(name("bob"), WHOLE));

        assertThat(fixture.disk.renew(name("shared"), ofAlice, owned("alice", meta(2))))
                .isFalse();
        assertThat(fixture.disk.renew(name("shared"), ofBob, owned("bob", meta(2))))
                .isTrue();
    }

    @Test
    void aBodyThatAnotherOwnerReplacedIsNotReadThoughItLooksTheSame() {
        fixture.put(name("shared"), new byte[10], owned("alice", meta(1)));
        Held ofAlice = requireNonNull(fixture.disk.get(name("shared"), 0));
        fixture.put(name("shared"), new byte[10], owned("bob", meta(1)));

        assertThatThrownBy(() -> ofAlice.body().open())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("was replaced");
        assertThat(text(fixture.disk.get(name("shared"), 0))).hasSize(10);
    }

    private static Meta owned(String owner, Meta meta) {
        return new Meta(
                meta.status(), Owner.with(owner, meta.headers()), meta.storedAt(), meta.freshUntil(), meta.keepUntil());
    }
}
