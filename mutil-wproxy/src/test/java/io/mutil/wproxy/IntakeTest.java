package io.mutil.wproxy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mutil.testkit.LogLines;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of the messages that a key function fails on. */
class IntakeTest {
    private final ManualLoop loop = new ManualLoop();
    private final Ledger ledger = new Ledger(1, key -> {});
    private final List<Integer> batches = new ArrayList<>();
    private final Intake intake = new Intake(
            KeyExtractor.message(IntakeTest::keyOrFailure),
            ledger,
            null,
            ByteBufAllocator.DEFAULT,
            loop,
            loop,
            this::note);

    /** A message is a key, or the name of what to throw. */
    private static List<String> keyOrFailure(ByteBuffer message) {
        String text = UTF_8.decode(message).toString();
        return switch (text) {
            case "runtime" -> throw new IllegalStateException("secret payload");
            case "deep" -> throw new StackOverflowError();
            case "linkage" -> throw new NoClassDefFoundError("com/example/Missing");
            case "assertion" -> throw new AssertionError("secret payload");
            case "memory" -> throw new OutOfMemoryError("not really");
            default -> List.of(text);
        };
    }

    private void note(Batch batch) {
        Messages elements = batch.elements();
        batches.add(elements == null ? 0 : elements.size());
        batch.share(0, () -> {});
    }

    private void message(String text) {
        intake.message(true, Unpooled.copiedBuffer(text, UTF_8));
        loop.turn();
    }

    @ParameterizedTest
    @ValueSource(strings = {"runtime", "deep", "linkage", "assertion"})
    void aMessageThatAFunctionFailsOnHasNoKeysAndTheNextOneHas(String failure) {
        ledger.acquire("A");
        try (LogLines lines = LogLines.of(Intake.class, Level.WARNING)) {
            message(failure);
            message("A");

            assertThat(batches).containsExactly(1);
            assertThat(intake.illegible()).isEqualTo(1);
            assertThat(intake.messages()).isEqualTo(2);
            assertThat(lines.at(Level.WARNING)).singleElement().asString().doesNotContain("secret");
        }
    }

    @Test
    void whatIsNoJsonIsToldInWords() {
        ledger.acquire("A");
        var scanning =
                new Intake(KeyExtractor.field("sym"), ledger, null, ByteBufAllocator.DEFAULT, loop, loop, this::note);
        try (LogLines lines = LogLines.of(Intake.class, Level.WARNING)) {
            scanning.message(true, Unpooled.copiedBuffer("{secret", UTF_8));

            assertThat(lines.at(Level.WARNING))
                    .singleElement()
                    .asString()
                    .contains("has no keys that the field sym could find", "it is no JSON, or nested too deep")
                    .doesNotContain("secret", "Exception", "io.mutil.wproxy.FieldScanner");
        }
    }

    @Test
    void theLogWarnsOfItOnceAMinute() {
        ledger.acquire("A");
        try (LogLines lines = LogLines.of(Intake.class, Level.WARNING)) {
            for (int i = 0; i < 100; i++) {
                message("runtime");
            }
            loop.advance(Seldom.INTERVAL.minusNanos(1));
            message("runtime");
            assertThat(lines.at(Level.WARNING)).hasSize(1);
            loop.advance(Seldom.INTERVAL);
            message("linkage");
            message("linkage");

            assertThat(lines.at(Level.WARNING)).hasSize(2);
            assertThat(lines.at(Level.WARNING).get(1)).contains("number 102").contains("com/example/Missing");
        }
    }

    @Test
    void whatTheJvmCannotGoOnWithIsForTheCaller() {
        ledger.acquire("A");

        assertThatThrownBy(() -> message("memory")).isInstanceOf(OutOfMemoryError.class);
        message("A");

        assertThat(batches).containsExactly(1);
    }

    @Test
    void theProxyConnectsAnewBehindThat() throws Exception {
        var upstream = new RecordingUpstream();
        try (WProxy proxy = Quick.proxy(upstream)
                        .keysOf(KeyExtractor.message(IntakeTest::keyOrFailure))
                        .start();
                TestClient client = TestClient.of(proxy, "A")) {
            upstream.awaitAsked(Set.of("A"));
            assertThatThrownBy(() -> upstream.session(0).send("memory")).isInstanceOf(OutOfMemoryError.class);
            upstream.session(1);
            upstream.awaitAsked(Set.of("A"));
            upstream.session(1).send("A");

            assertThat(client.nextButOutages()).isEqualTo("A");
            assertThat(upstream.session(0).isOpen()).isFalse();
        }
    }
}
