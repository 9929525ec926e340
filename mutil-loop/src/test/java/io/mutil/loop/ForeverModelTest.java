package io.mutil.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.jspecify.annotations.Nullable;

/** Whatever is done to a loop, it does what a plain model of it does. */
class ForeverModelTest {
    private static final int STOP_AT = 4;

    /** After the n-th failure in a row a source rests for n times 10 ms, and after the fourth it is gone. */
    private static final FailurePolicy POLICY = (failure, consecutive) ->
            consecutive == STOP_AT ? Optional.empty() : Optional.of(Duration.ofMillis(10L * consecutive));

    enum Action {
        ADD,
        REMOVE,
        REPLACE,
        BRING,
        FAIL,
        BRING_LATE,
        TAKE,
        TAKE_ALL,
        WAIT
    }

    record Step(Action action, String name) {}

    @Provide
    Arbitrary<List<Step>> steps() {
        Arbitrary<Action> actions = Arbitraries.frequency(
                Tuple.of(4, Action.ADD),
                Tuple.of(1, Action.REMOVE),
                Tuple.of(1, Action.REPLACE),
                Tuple.of(6, Action.BRING),
                Tuple.of(6, Action.FAIL),
                Tuple.of(1, Action.BRING_LATE),
                Tuple.of(8, Action.TAKE),
                Tuple.of(1, Action.TAKE_ALL),
                Tuple.of(4, Action.WAIT));
        return Combinators.combine(actions, Arbitraries.of("a", "b", "c"))
                .as(Step::new)
                .list()
                .ofMinSize(20)
                .ofMaxSize(200);
    }

    @Property(tries = 500)
    void doesWhatTheModelDoes(@ForAll("steps") List<Step> steps) {
        var both = new Both();
        steps.forEach(both::apply);
        both.loop.close();
    }

    /** A source as the model sees it. */
    private static final class Expected {
        private final String name;
        private boolean armed = true;
        private @Nullable String result;
        private int failures;
        private long restsUntil = -1;

        Expected(String name) {
            this.name = name;
        }
    }

    private static final class Both {
        private final ForeverFakeTime time = new ForeverFakeTime();
        private final ForeverLoop<String> loop =
                time.builder().onFailure(POLICY).build();
        private final Map<String, List<CompletableFuture<String>>> armings = new LinkedHashMap<>();
        private final Map<String, Expected> model = new LinkedHashMap<>();
        private final ArrayDeque<Expected> ready = new ArrayDeque<>();
        private long now;
        private int brought;

        void apply(Step step) {
            String name = step.name();
            switch (step.action()) {
                case ADD -> add(name);
                case REMOVE -> assertThat(loop.remove(name)).isEqualTo(forget(name));
                case REPLACE -> {
                    assertThat(loop.replace(source(name))).isEqualTo(forget(name));
                    model.put(name, new Expected(name));
                }
                case BRING -> bring(name, "v" + brought++, false);
                case FAIL -> bring(name, "f" + brought++, true);
                case BRING_LATE -> bringLate(name);
                case TAKE -> assertThat(loop.poll().map(Both::text)).isEqualTo(Optional.ofNullable(take()));
                case TAKE_ALL -> takeAll();
                case WAIT -> advance();
            }
            check();
        }

        private Source<String> source(String name) {
            return Source.async(name, () -> {
                var arming = new Arming();
                armings.computeIfAbsent(name, unused -> new ArrayList<>()).add(arming);
                return arming;
            });
        }

        private void add(String name) {
            if (!model.containsKey(name)) {
                loop.add(source(name));
                model.put(name, new Expected(name));
            }
        }

        private boolean forget(String name) {
            Expected gone = model.remove(name);
            ready.removeIf(source -> source == gone);
            return gone != null;
        }

        private void bring(String name, String result, boolean failure) {
            Expected source = model.get(name);
            if (source == null || !source.armed) {
                return;
            }
            source.armed = false;
            source.failures = failure ? source.failures + 1 : 0;
            source.result = result;
            ready.add(source);
            List<CompletableFuture<String>> all = armings.getOrDefault(name, List.of());
            complete(all.get(all.size() - 1), result, failure);
        }

        private static void complete(CompletableFuture<String> arming, String result, boolean failure) {
            if (failure) {
                arming.completeExceptionally(new IOException(result));
            } else {
                arming.complete(result);
            }
        }

        /** Of all armings of this name that are over, or of sources that are gone. */
        private void bringLate(String name) {
            List<CompletableFuture<String>> all = armings.getOrDefault(name, List.of());
            Expected source = model.get(name);
            int last = source != null && source.armed ? 1 : 0;
            all.subList(0, Math.max(0, all.size() - last)).forEach(arming -> arming.complete("late"));
        }

        private @Nullable String take() {
            Expected source = ready.poll();
            if (source == null) {
                return null;
            }
            if (source.failures == 0) {
                source.armed = true;
            } else if (source.failures == STOP_AT) {
                model.remove(source.name);
            } else {
                source.restsUntil = now + 10L * source.failures;
            }
            return source.name + " " + source.result + " " + source.failures;
        }

        private void takeAll() {
            List<String> expected = new ArrayList<>();
            for (int left = ready.size(); left > 0; left--) {
                expected.add("" + take());
            }
            assertThat(loop.takeAllReady()).extracting(Both::text).isEqualTo(expected);
        }

        private static String text(Completion<String> next) {
            String result = next.failure().map(Throwable::getMessage).orElseGet(next::get);
            return next.source() + " " + result + " " + next.consecutiveFailures();
        }

        private void advance() {
            now += 7;
            time.advance(Duration.ofMillis(7));
            for (Expected source : model.values()) {
                if (source.restsUntil >= 0 && source.restsUntil <= now) {
                    source.restsUntil = -1;
                    source.armed = true;
                }
            }
        }

        private void check() {
            int armed =
                    (int) model.values().stream().filter(source -> source.armed).count();
            int resting = (int) model.values().stream()
                    .filter(source -> source.restsUntil >= 0)
                    .count();
            ForeverLoopStats stats = loop.stats();
            assertThat(loop.names()).isEqualTo(model.keySet());
            assertThat(stats.armed()).isEqualTo(armed);
            assertThat(stats.ready()).isEqualTo(ready.size());
            assertThat(stats.retriesPending()).isEqualTo(resting);
        }
    }

    /** Goes on when it is cancelled, so that it can be late. */
    private static final class Arming extends CompletableFuture<String> {
        @Override
        public boolean cancel(boolean interrupt) {
            return false;
        }
    }
}
