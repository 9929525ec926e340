package io.mutil.cache;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mutil.cache.FaultyFolder.Operation;
import io.mutil.testkit.Background;
import io.mutil.testkit.Eventually;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

/** When values get to the disk, and in what order. */
class PersistentMapWritesTest extends MapTest {
    @Test
    void onlyTheNewestOfThoseThatWaitIsWritten() throws IOException {
        CompletableFuture<Void> first = map.putAsync("key", "1");
        map.putAsync("key", "2").cancel(true);
        CompletableFuture<Void> third = map.putAsync("key", "3");
        assertThat(map.get("key")).contains("3");
        assertThat(first).isNotDone();
        assertThat(files()).containsExactly("locks");

        runTasks();

        assertThat(first).isCompleted();
        assertThat(third).isCompleted();
        assertThat(map.stats().written()).isEqualTo(1);
        assertThat(map.stats().coalesced()).isEqualTo(2);
        reopen();
        assertThat(map.get("key")).contains("3");
    }

    @Test
    void aSlowDiskNeverWritesAnOldValueOverANewOne() throws Exception {
        var reached = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        folder.before(Operation.SYNC, () -> {
            reached.countDown();
            goOn.await();
        });
        CompletableFuture<Void> slow = Background.run(() -> map.put("key", "old"));
        reached.await();
        folder.before(Operation.SYNC, () -> {});

        CompletableFuture<Void> newer = map.putAsync("key", "new");
        runTasks();
        assertThat(newer).isNotDone();
        goOn.countDown();
        slow.get(30, SECONDS);
        Eventually.until("the rest is handed over", () -> hasTasks() || newer.isDone());
        runTasks();

        assertThat(newer).isCompleted();
        reopen();
        assertThat(map.get("key")).contains("new");
    }

    @Test
    void aRemovalThatFollowsAPutWins() throws IOException {
        var unused = map.putAsync("key", "value");

        assertThat(map.remove("key")).isTrue();
        runTasks();

        assertThat(files()).containsExactly("locks");
        assertThat(map.get("key")).isEmpty();
    }

    @Test
    void whatTheExecutorNeverRunsIsWrittenAtTheEnd() throws Exception {
        for (int i = 0; i < 10; i++) {
            var unused = map.putAsync("key" + i, "value" + i);
        }

        Background.run(map::close).get(30, SECONDS);

        map = builder().open();
        assertThat(map.size()).isEqualTo(10);
        assertThat(map.get("key7")).contains("value7");
    }

    @Test
    void flushingWritesWhatTheExecutorNeverRuns() throws Exception {
        CompletableFuture<Void> one = map.putAsync("one", "value");
        CompletableFuture<Void> two = map.putAsync("two", "value");

        Background.run(map::flush).get(30, SECONDS);

        assertThat(one).isCompleted();
        assertThat(two).isCompleted();
        assertThat(files()).containsExactly("k-one", "k-two", "locks");
    }

    @Test
    void flushingEndsOnTheOnlyThreadOfTheExecutor() throws Exception {
        ExecutorService one = Executors.newSingleThreadExecutor();
        reopen(builder().executor(one));

        one.submit(() -> {
                    var unused = map.putAsync("key", "value");
                    map.flush();
                    return map;
                })
                .get(30, SECONDS);

        assertThat(files()).containsExactly("k-key", "locks");
        one.shutdown();
    }

    @Test
    void whoWaitsForAnotherWriterOfItsKeyNeedsNoExecutor() throws Exception {
        var reached = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        folder.before(Operation.SYNC, () -> {
            reached.countDown();
            goOn.await();
        });
        CompletableFuture<Void> first = Background.run(() -> map.put("key", "old"));
        reached.await();
        CompletableFuture<Void> second = Background.run(() -> map.put("key", "new"));
        Eventually.until("the second one waits", () -> read("key").equals("new"));

        goOn.countDown();

        first.get(30, SECONDS);
        second.get(30, SECONDS);
        reopen();
        assertThat(map.get("key")).contains("new");
    }

    private String read(String key) {
        try {
            return map.get(key).orElse("none");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void flushWaitsForWhatIsUnderWay() throws Exception {
        reopen(new PersistentMapBuilder<String>(
                folder, text -> text.getBytes(UTF_8), bytes -> new String(bytes, UTF_8)));
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            all.add(map.putAsync("key" + i % 10, "value" + i));
        }

        map.flush();

        assertThat(all).allSatisfy(one -> assertThat(one).succeedsWithin(Duration.ofSeconds(30)));
        assertThat(map.stats().pending()).isZero();
        assertThat(map.stats().written() + map.stats().coalesced()).isEqualTo(100);
    }

    @Test
    void ifTooMuchWaitsTheCallerWrites() throws IOException {
        reopen(builder().maxWaiting(3));

        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            all.add(map.putAsync("key" + i, "value"));
        }

        assertThat(all.stream().filter(CompletableFuture::isDone)).hasSize(7);
        runTasks();
        assertThat(all).allMatch(CompletableFuture::isDone);
    }

    @Test
    void ifTheExecutorRefusesTheCallerWrites() throws IOException {
        reopen(builder().executor(task -> {
            throw new RejectedExecutionException();
        }));

        assertThat(map.putAsync("key", "value")).isCompleted();
    }

    @Test
    void whatCouldNotBeWrittenIsInMemoryAndTriedAgain() throws IOException {
        folder.fail(Operation.SYNC, n -> true);

        assertThatThrownBy(() -> map.put("key", "value"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("in memory")
                .cause()
                .hasMessageContaining("No space left");
        assertThat(map.get("key")).contains("value");
        assertThat(map.stats().unwritten()).isEqualTo(1);
        assertThatThrownBy(map::flush).isInstanceOf(IOException.class);
        folder.heal();

        map.flush();

        assertThat(map.stats().unwritten()).isZero();
        reopen();
        assertThat(map.get("key")).contains("value");
    }

    @Test
    void closingSaysWhatIsLost() throws IOException {
        reopen(builder().executor(Runnable::run));
        folder.fail(Operation.WRITE, n -> true);
        assertThatThrownBy(() -> map.put("key", "value")).isInstanceOf(IOException.class);

        assertThatThrownBy(map::close).isInstanceOf(IOException.class).hasMessageContaining("values of 1 keys");
        map.close();

        folder.heal();
        map = builder().open();
        assertThat(map.size()).isZero();
    }

    @Test
    void anInterruptedThreadWritesAllTheSame() throws IOException {
        Thread.currentThread().interrupt();
        try {
            map.put("key", "value");
        } catch (InterruptedIOException e) {
            // allowed where it had to wait for another thread
        }

        assertThat(Thread.interrupted()).isTrue();
        reopen();
        assertThat(map.get("key")).contains("value");
    }
}
