package io.mutil.cache;

import static io.mutil.cache.CacheFixture.KEY;
import static io.mutil.cache.CacheFixture.TTL;
import static io.mutil.cache.CacheFixture.failure;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Statuses that are no answer: which are remembered, and what becomes of what was stored before. */
class RefusalsTest {
    private static final Map<String, List<String>> TAGGED = Map.of("ETag", List.of("\"1\""));

    private static CacheFixture staleIfError() {
        return new CacheFixture(choices -> choices.staleIfError(Duration.ofHours(1)));
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 404, 410, 451})
    void aRefusalIsNoTrouble(int status) throws Exception {
        CacheFixture fixture = staleIfError();
        fixture.origin.says("old");
        fixture.get();
        fixture.clock.advance(TTL);
        fixture.origin.refuses(status);

        assertThat(failure(fixture.getAsync()).status()).isEqualTo(status);
    }

    @Test
    void aRefusalIsRemembered() throws Exception {
        var fixture = new CacheFixture();
        fixture.origin.refuses(404);
        assertThat(failure(fixture.getAsync())).hasMessageContaining("remembered for PT1M");
        fixture.origin.says("there after all");
        fixture.clock.advance(Duration.ofSeconds(59));

        assertThat(failure(fixture.getAsync()))
                .hasMessageContaining("remembered for another PT1S")
                .matches(e -> e.status() == 404);
        assertThat(failure(fixture.open().getAsync(KEY, fixture.origin)).status())
                .isEqualTo(404);
        assertThat(fixture.cache.stats().negativeHits()).isEqualTo(1);
        assertThat(fixture.cache.cached(KEY)).isEmpty();

        fixture.clock.advance(Duration.ofSeconds(1));
        assertThat(fixture.get().text()).isEqualTo("there after all");
        assertThat(fixture.origin.calls).hasSize(2);
    }

    @Test
    void aRefusalTakesThePlaceOfAnAnswer() throws Exception {
        CacheFixture fixture = staleIfError();
        fixture.origin.says(200, TAGGED, "old");
        fixture.get();
        fixture.clock.advance(TTL);
        fixture.origin.refuses(410);
        assertThat(failure(fixture.getAsync()).status()).isEqualTo(410);

        fixture.clock.advance(Duration.ofMinutes(2));
        fixture.origin.refuses(503);

        assertThat(failure(fixture.getAsync()).status()).isEqualTo(503);
        assertThat(fixture.origin.last().known().isEmpty()).isTrue();
    }

    @Test
    void whichRefusalsAreRememberedIsAChoice() throws Exception {
        var fixture = new CacheFixture(choices -> choices.negative(Duration.ofMinutes(1), 403));
        fixture.origin.refuses(403);
        assertThat(failure(fixture.getAsync()).status()).isEqualTo(403);
        assertThat(failure(fixture.getAsync())).hasMessageContaining("another");

        fixture.cache.invalidate(KEY);
        fixture.origin.refuses(404);
        assertThat(failure(fixture.getAsync())).hasMessageContaining("nothing is kept");
        fixture.origin.says("hello");
        assertThat(fixture.get().text()).isEqualTo("hello");
    }

    @Test
    void aStatusThatSaysNothingForTheNextIsAnsweredAndNotKept() throws Exception {
        var fixture = new CacheFixture();
        fixture.origin.says(202, Map.of(), "wait");

        assertThat(fixture.get().status()).isEqualTo(202);
        assertThat(fixture.get().text()).isEqualTo("wait");

        assertThat(fixture.origin.calls).hasSize(2);
        assertThat(fixture.disk.files).isEmpty();
    }

    @Test
    void troubleThatIsRememberedDoesNotEndWhatMayStandIn() throws Exception {
        var fixture = new CacheFixture(
                choices -> choices.staleIfError(Duration.ofHours(1)).negative(Duration.ofMinutes(1), 503));
        fixture.origin.says("old");
        fixture.get();
        fixture.clock.advance(TTL);
        fixture.origin.refuses(503);

        assertThat(fixture.get().text()).isEqualTo("old");
        assertThat(fixture.get().text()).isEqualTo("old");
        assertThat(fixture.open().get(KEY, fixture.origin).text()).isEqualTo("old");

        fixture.clock.advance(Duration.ofHours(1));
        assertThat(failure(fixture.getAsync())).hasMessageContaining("is remembered");
        int asked = fixture.origin.calls.size();
        assertThat(failure(fixture.getAsync())).hasMessageContaining("remembered for another");
        assertThat(fixture.origin.calls).hasSize(asked);
    }

    @Test
    void onlyWhatWasAskedToBeConfirmedIsConfirmed() throws Exception {
        var fixture = new CacheFixture();
        fixture.origin.says("without a tag");
        fixture.get();
        fixture.clock.advance(TTL);
        fixture.origin.refuses(304);
        assertThat(failure(fixture.getAsync()).status()).isEqualTo(304);

        fixture.cache.invalidate(KEY);
        fixture.origin.refuses(404);
        assertThat(failure(fixture.getAsync()).status()).isEqualTo(404);
        fixture.origin.refuses(304);
        CompletableFuture<Answer> refused = fixture.cache.getAsync(KEY, fixture.origin, Options.DEFAULT.refresh());
        assertThat(failure(refused).status()).isEqualTo(304);
    }

    @Test
    void aConfirmationOfNothingIsAFailure() {
        var fixture = new CacheFixture();
        fixture.origin.refuses(304);

        assertThat(failure(fixture.getAsync()).status()).isEqualTo(304);
    }
}
