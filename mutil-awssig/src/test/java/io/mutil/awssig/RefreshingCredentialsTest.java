package io.mutil.awssig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mutil.testkit.Background;
import io.mutil.testkit.Eventually;
import io.mutil.testkit.LogLines;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.logging.Level;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RefreshingCredentialsTest {
    private final SettableClock clock = new SettableClock("2030-01-01T00:00:00Z");
    private final AtomicInteger loads = new AtomicInteger();
    private @Nullable Duration life = Duration.ofHours(1);
    private volatile Supplier<String> key = () -> "KEY" + loads.get();
    private final RefreshingCredentials credentials = new RefreshingCredentials(this::load, clock);

    private RefreshingCredentials.Expiring load() {
        loads.incrementAndGet();
        Instant expiration = life == null ? null : clock.instant().plus(life);
        return new RefreshingCredentials.Expiring(Credentials.of(key.get(), "wJalr"), expiration);
    }

    private String now() {
        return credentials.get().accessKey();
    }

    private static String failure() {
        throw CredentialsException.broken("the vault is closed");
    }

    @Test
    void keepsThemUntilFiveMinutesBeforeTheyExpire() {
        assertThat(now()).isEqualTo("KEY1");
        clock.advance(Duration.ofMinutes(55).minusSeconds(1));
        assertThat(now()).isEqualTo("KEY1");
        clock.advance(Duration.ofSeconds(1));
        assertThat(now()).isEqualTo("KEY2");
    }

    @Test
    void keepsShortLivedOnesForThreeQuartersOfTheirLife() {
        life = Duration.ofMinutes(4);
        now();

        clock.advance(Duration.ofMinutes(3).minusSeconds(1));
        assertThat(now()).isEqualTo("KEY1");
        clock.advance(Duration.ofSeconds(1));
        assertThat(now()).isEqualTo("KEY2");
    }

    @Test
    void keepsThoseThatDoNotExpire() {
        life = null;
        now();

        clock.advance(Duration.ofDays(3650));

        assertThat(now()).isEqualTo("KEY1");
    }

    @Test
    void keepsWhatIsStillValidWhereNewOnesFailAndTriesAgainLater() {
        try (LogLines lines = LogLines.of(RefreshingCredentials.class, Level.WARNING)) {
            now();
            key = RefreshingCredentialsTest::failure;
            clock.advance(Duration.ofMinutes(56));

            assertThat(now()).isEqualTo("KEY1");
            clock.advance(Duration.ofSeconds(29));
            assertThat(now()).isEqualTo("KEY1");
            assertThat(loads).hasValue(2);
            key = () -> "NEW";
            clock.advance(Duration.ofSeconds(1));
            assertThat(now()).isEqualTo("NEW");

            assertThat(lines.at(Level.WARNING))
                    .containsExactly("credentials until 2030-01-01T01:00:00Z were not renewed: the vault is closed");
        }
    }

    @Test
    void failsWhereTheyExpiredAndNewOnesFail() {
        now();
        key = RefreshingCredentialsTest::failure;
        clock.advance(Duration.ofHours(1));

        assertThatThrownBy(this::now).hasMessage("the vault is closed");
        key = () -> "NEW";
        clock.advance(Duration.ofSeconds(1));
        assertThat(now()).isEqualTo("NEW");
    }

    @Test
    void triesMoreAndMoreSeldomWhereNothingIsValid() {
        key = RefreshingCredentialsTest::failure;
        List<Integer> tries = new ArrayList<>();
        for (int second = 0; second < 100; second++) {
            int before = loads.get();
            assertThatThrownBy(this::now).hasMessage("the vault is closed");
            if (loads.get() > before) {
                tries.add(second);
            }
            clock.advance(Duration.ofSeconds(1));
        }
        assertThat(tries).containsExactly(0, 1, 3, 7, 15, 31, 61, 91);

        clock.advance(Duration.ofSeconds(30));
        key = () -> "NEW";
        assertThat(now()).isEqualTo("NEW");
        clock.advance(Duration.ofHours(1));
        key = RefreshingCredentialsTest::failure;
        assertThatThrownBy(this::now).hasMessage("the vault is closed");
        clock.advance(Duration.ofSeconds(1));
        key = () -> "NEWER";
        assertThat(now()).isEqualTo("NEWER");
    }

    @Test
    void whoWaitsTriesItselfWhereTheThreadThatLoadsIsInterrupted() throws Exception {
        var entered = new CountDownLatch(1);
        var never = new CountDownLatch(1);
        var leads = new CompletableFuture<Thread>();
        key = () -> {
            leads.complete(Thread.currentThread());
            entered.countDown();
            return interruptedBefore(never);
        };
        var failure = new AtomicReference<Throwable>();
        CompletableFuture<Void> leader = Background.run(() -> failure.set(catchFailure()));
        assertThat(entered.await(30, TimeUnit.SECONDS)).isTrue();
        var thread = new CompletableFuture<Thread>();
        CompletableFuture<Void> waiter = Background.run(() -> {
            thread.complete(Thread.currentThread());
            assertThat(now()).isEqualTo("MINE");
        });
        Thread waits = thread.get(30, TimeUnit.SECONDS);
        Eventually.until("it waits", () -> waits.getState() == Thread.State.WAITING);

        key = () -> "MINE";
        leads.get(30, TimeUnit.SECONDS).interrupt();

        CompletableFuture.allOf(leader, waiter).get(30, TimeUnit.SECONDS);
        assertThat(failure.get()).hasMessage("stopped");
        assertThat(loads).hasValue(2);
    }

    @Test
    void anInterruptionIsNoFailureOfTheSource() {
        now();
        clock.advance(Duration.ofMinutes(56));
        try (LogLines lines = LogLines.of(RefreshingCredentials.class, Level.WARNING)) {
            key = () -> {
                throw CredentialsException.interrupted("stopped", new InterruptedException());
            };
            assertThat(now()).isEqualTo("KEY1");
            assertThat(lines.all()).isEmpty();
            key = () -> "NEW";

            assertThat(now()).isEqualTo("NEW");
        }
    }

    private static String interruptedBefore(CountDownLatch latch) {
        try {
            throw new AssertionError("released: " + latch.await(30, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw CredentialsException.interrupted("stopped", e);
        }
    }

    @Test
    void doesNotKeepExpiredOnesUntilTheNextTry() {
        try (LogLines lines = LogLines.of(RefreshingCredentials.class, Level.WARNING)) {
            now();
            key = RefreshingCredentialsTest::failure;
            clock.advance(Duration.ofMinutes(60).minusSeconds(1));
            assertThat(now()).isEqualTo("KEY1");
            assertThat(lines.at(Level.WARNING)).hasSize(1);

            clock.advance(Duration.ofSeconds(1));

            assertThatThrownBy(this::now).hasMessage("the vault is closed");
        }
    }

    @Test
    void refusesThoseThatExpiredAlready() {
        life = Duration.ZERO;

        assertThatThrownBy(this::now)
                .isInstanceOf(CredentialsException.class)
                .hasMessageContaining("expired at 2030-01-01T00:00:00Z");
    }

    @Test
    void oneLoadServesAllThreads() throws Exception {
        var entered = new CountDownLatch(1);
        var release = new CountDownLatch(1);
        key = () -> {
            entered.countDown();
            awaitUninterrupted(release);
            return "KEY";
        };
        List<Thread> waiting = new ArrayList<>();
        List<CompletableFuture<Void>> all = new ArrayList<>();
        all.add(Background.run(this::now));
        assertThat(entered.await(30, TimeUnit.SECONDS)).isTrue();
        for (int i = 0; i < 7; i++) {
            all.add(Background.run(() -> {
                synchronized (waiting) {
                    waiting.add(Thread.currentThread());
                }
                assertThat(now()).isEqualTo("KEY");
            }));
        }
        Eventually.until("all wait", () -> {
            synchronized (waiting) {
                return waiting.size() == 7
                        && waiting.stream().allMatch(thread -> thread.getState() == Thread.State.WAITING);
            }
        });

        release.countDown();

        CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).get(30, TimeUnit.SECONDS);
        assertThat(loads).hasValue(1);
    }

    @Test
    void othersGoOnWithWhatIsValidWhileOneRenews() throws Exception {
        now();
        clock.advance(Duration.ofMinutes(56));
        var entered = new CountDownLatch(1);
        var release = new CountDownLatch(1);
        key = () -> {
            entered.countDown();
            awaitUninterrupted(release);
            return "NEW";
        };
        CompletableFuture<Void> renewal = Background.run(() -> assertThat(now()).isEqualTo("NEW"));
        assertThat(entered.await(30, TimeUnit.SECONDS)).isTrue();

        assertThat(now()).isEqualTo("KEY1");

        release.countDown();
        renewal.get(30, TimeUnit.SECONDS);
        assertThat(now()).isEqualTo("NEW");
    }

    @Test
    void aFailureReachesAllWhoWaitWithStacksOfTheirOwn() throws Exception {
        var entered = new CountDownLatch(1);
        var release = new CountDownLatch(1);
        key = () -> {
            entered.countDown();
            awaitUninterrupted(release);
            return failure();
        };
        var leader = new AtomicReference<Throwable>();
        CompletableFuture<Void> first = Background.run(() -> leader.set(catchFailure()));
        assertThat(entered.await(30, TimeUnit.SECONDS)).isTrue();
        var follower = new AtomicReference<Throwable>();
        var thread = new CompletableFuture<Thread>();
        CompletableFuture<Void> second = Background.run(() -> {
            thread.complete(Thread.currentThread());
            follower.set(catchFailure());
        });
        Thread waits = thread.get(30, TimeUnit.SECONDS);
        Eventually.until("it waits", () -> waits.getState() == Thread.State.WAITING);

        release.countDown();

        CompletableFuture.allOf(first, second).get(30, TimeUnit.SECONDS);
        assertThat(follower.get()).hasMessage("the vault is closed").hasCause(leader.get());
        assertThat(loads).hasValue(1);
    }

    @Test
    void waitingCanBeInterrupted() throws Exception {
        var entered = new CountDownLatch(1);
        var release = new CountDownLatch(1);
        key = () -> {
            entered.countDown();
            awaitUninterrupted(release);
            return "KEY";
        };
        CompletableFuture<Void> leader = Background.run(this::now);
        assertThat(entered.await(30, TimeUnit.SECONDS)).isTrue();

        Thread.currentThread().interrupt();

        assertThatThrownBy(this::now).hasMessageContaining("interrupted");
        assertThat(Thread.interrupted()).isTrue();
        release.countDown();
        leader.get(30, TimeUnit.SECONDS);
    }

    private Throwable catchFailure() {
        try {
            throw new AssertionError(now());
        } catch (CredentialsException e) {
            return e;
        }
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            if (!latch.await(30, TimeUnit.SECONDS)) {
                throw new AssertionError("nobody released");
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
