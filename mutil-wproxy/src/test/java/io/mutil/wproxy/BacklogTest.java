package io.mutil.wproxy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufAllocator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BacklogTest {
    private static final QueueLimits THREE = new QueueLimits(100, 3, Duration.ofSeconds(10));

    private final Key a = new Key("a", 1, 0);
    private final Key b = new Key("b", 1, 0);
    private final Key everything = new Key(null, 1, 0);
    private long now;

    private void add(Backlog backlog, Key key, String... messages) {
        for (String message : messages) {
            assertThat(backlog.add(key, Notices.element(message), now)).isTrue();
        }
    }

    private static List<String> drain(Backlog backlog, int maxBytes) {
        var messages = new Messages(ByteBufAllocator.DEFAULT, 16);
        backlog.moveTo(messages, maxBytes);
        var texts = new ArrayList<String>();
        for (int i = 0; i < messages.size(); i++) {
            texts.add(UTF_8.decode(messages.payload(i)).toString());
        }
        messages.release();
        return texts;
    }

    private static List<String> drain(Backlog backlog) {
        List<String> texts = drain(backlog, 1 << 20);
        assertThat(backlog.isEmpty()).isTrue();
        assertThat(backlog.bytes()).isZero();
        return texts;
    }

    private static String gap(String key, int missed) {
        return "{\"gap\": {\"key\": " + key + ", \"missed\": " + missed + "}}";
    }

    @Test
    void keepsTheOrderWithinTheLimits() {
        var backlog = new Backlog(SlowPolicy.CONFLATE, THREE);
        add(backlog, a, "a1", "a2");
        add(backlog, b, "b1");

        assertThat(drain(backlog)).containsExactly("a1", "a2", "b1");
    }

    @Test
    void conflatesOnceItIsFull() {
        var backlog = new Backlog(SlowPolicy.CONFLATE, THREE);
        add(backlog, a, "a1", "a2");
        add(backlog, b, "b1", "b2");
        add(backlog, a, "a3", "a4");

        assertThat(drain(backlog)).containsExactly(gap("\"a\"", 3), "a4", gap("\"b\"", 1), "b2");
        assertThat(backlog.missed()).isEqualTo(4);
    }

    @Test
    void keepsTheOrderAgainAfterItWasEmpty() {
        var backlog = new Backlog(SlowPolicy.CONFLATE, THREE);
        add(backlog, a, "a1", "a2", "a3", "a4");
        drain(backlog);
        add(backlog, a, "a5", "a6");

        assertThat(drain(backlog)).containsExactly("a5", "a6");
    }

    @Test
    void dropsTheOldestKeyIfThereAreMoreKeysThanPlaces() {
        var backlog = new Backlog(SlowPolicy.CONFLATE, THREE);
        for (int i = 0; i < 5; i++) {
            add(backlog, new Key("k" + i, 1, 0), "m" + i);
        }

        assertThat(drain(backlog)).containsExactly("m2", "m3", "m4", gap("\"k0\"", 1), gap("\"k1\"", 1));
    }

    @Test
    void dropsTheOldest() {
        var backlog = new Backlog(SlowPolicy.DROP_OLDEST, THREE);
        add(backlog, a, "a1", "a2");
        add(backlog, b, "b1");
        add(backlog, a, "a3", "a4");

        assertThat(drain(backlog)).containsExactly("b1", gap("\"a\"", 2), "a3", "a4");
    }

    @Test
    void dropsTheNewest() {
        var backlog = new Backlog(SlowPolicy.DROP_NEWEST, THREE);
        add(backlog, a, "a1", "a2", "a3", "a4", "a5");
        assertThat(drain(backlog, 1)).containsExactly("a1");
        add(backlog, a, "a6", "a7");

        assertThat(drain(backlog)).containsExactly("a2", "a3", gap("\"a\"", 2), "a6", gap("\"a\"", 1));
    }

    @Test
    void refusesWhatIsTooMuchIfTheConnectionIsToBeClosed() {
        var backlog = new Backlog(SlowPolicy.CLOSE, THREE);
        add(backlog, a, "a1", "a2", "a3");

        assertThat(backlog.add(a, Notices.element("a4"), now)).isFalse();
    }

    @Test
    void doesNotConflateWholeMessages() {
        var backlog = new Backlog(SlowPolicy.CONFLATE, THREE);
        add(backlog, everything, "1", "2", "3", "4");

        assertThat(drain(backlog)).containsExactly(gap("null", 1), "2", "3", "4");
    }

    @Test
    void keepsWhatWasConflatedWhenWholeMessagesFollow() {
        var backlog = new Backlog(SlowPolicy.CONFLATE, THREE);
        add(backlog, a, "a1", "a2", "a3", "a4");
        add(backlog, everything, "1", "2");

        assertThat(drain(backlog)).containsExactly(gap("\"a\"", 3), "a4", "1", "2");
    }

    @Test
    void boundsBytes() {
        var backlog = new Backlog(SlowPolicy.DROP_OLDEST, THREE);
        add(backlog, a, "x".repeat(60), "y".repeat(40), "z");

        assertThat(drain(backlog)).containsExactly(gap("\"a\"", 1), "y".repeat(40), "z");
    }

    @Test
    void takesAMessageThatIsLargerThanTheLimitWhenNothingElseWaits() {
        var backlog = new Backlog(SlowPolicy.CLOSE, THREE);
        add(backlog, a, "x".repeat(200));

        assertThat(drain(backlog)).containsExactly("x".repeat(200));
    }

    @Test
    void dropsWhatHasWaitedTooLong() {
        var backlog = new Backlog(SlowPolicy.DROP_OLDEST, THREE);
        add(backlog, a, "a1");
        now = Duration.ofSeconds(5).toNanos();
        add(backlog, a, "a2");
        now = Duration.ofSeconds(10).toNanos() + 1;
        add(backlog, a, "a3");

        assertThat(drain(backlog)).containsExactly(gap("\"a\"", 1), "a2", "a3");
    }

    @Test
    void keepsTheLatestOfAQuietKeyHoweverOldItIs() {
        var backlog = new Backlog(SlowPolicy.CONFLATE, THREE);
        add(backlog, a, "a1");
        now = Duration.ofSeconds(10).toNanos() + 1;
        add(backlog, b, "b1");
        now = Duration.ofDays(1).toNanos();
        add(backlog, b, "b2");

        assertThat(drain(backlog)).containsExactly("a1", gap("\"b\"", 1), "b2");
    }

    @Test
    void forgetsKeysWithTheirLosses() {
        for (SlowPolicy policy : List.of(SlowPolicy.CONFLATE, SlowPolicy.DROP_OLDEST, SlowPolicy.DROP_NEWEST)) {
            var backlog = new Backlog(policy, THREE);
            add(backlog, a, "a1", "a2");
            add(backlog, b, "b1");
            add(backlog, a, "a3");
            var c = new Key("c", 1, 0);
            backlog.lose(c, 1);
            long bytes = backlog.bytes();
            backlog.removeAll(Set.of(a, c));

            assertThat(backlog.bytes()).as("%s", policy).isEqualTo(2).isLessThan(bytes);
            assertThat(drain(backlog)).as("%s", policy).containsExactly("b1");
        }
    }
}
