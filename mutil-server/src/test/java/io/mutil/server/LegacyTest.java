package io.mutil.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.mutil.codec.FrameFormat;
import io.mutil.server.Side.Said;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What the vectors do not say. */
class LegacyTest {
    private static final byte[] CHALLENGE = "#CHALLENGE#".getBytes(US_ASCII);
    private static final byte[] WELCOME = "#WELCOME#".getBytes(US_ASCII);
    private static final byte[] OTHER_SECRET = "another secret of the same kind".getBytes(UTF_8);

    private final IssuedChallenges process = Side.process();
    private final Authentication authentication = with(Keys.of(Side.SECRET), process);

    private static Authentication with(Keys keys, IssuedChallenges process) {
        return Side.authentication(Handshake.LEGACY, keys, Side.FORMAT, process);
    }

    /** Another program with the same key. */
    private static Authentication elsewhere() {
        return Side.authentication(Handshake.LEGACY);
    }

    private static byte[] challengeIn(byte[] said) {
        assertThat(said).hasSize(139).startsWith(CHALLENGE);
        return Arrays.copyOfRange(said, CHALLENGE.length, said.length);
    }

    @Test
    void framesAreBareAfterwards() {
        Side client = Side.client(authentication);
        Side server = Side.server(elsewhere());

        Side.talk(client, server);

        Agreement agreement = requireNonNull(client.agreement);
        assertThat(agreement.handshake()).isEqualTo(Handshake.LEGACY);
        assertThat(agreement.inbound().typed() || agreement.outbound().typed()).isFalse();
        assertThat(agreement.maxPayload()).isEqualTo(Side.FORMAT.maxBytes());
        assertThat(server.agreement).isNotNull();
    }

    @Test
    void theLimitIsAlsoThatOfTheHeader() {
        Side client = Side.client(Side.authentication(
                Handshake.LEGACY, Keys.of(Side.SECRET), FrameFormat.littleEndian(2), Side.process()));

        Side.talk(client, Side.server(elsewhere()));

        assertThat(requireNonNull(client.agreement).maxPayload()).isEqualTo(65_535);
    }

    @Test
    void takesNothingThatComesBehind() {
        Side client = Side.client(authentication);
        Side server = Side.server(elsewhere());
        byte[] answer = server.hear(client.begin());
        byte[] welcome = client.hear(answer);
        byte[] challenge = server.hear(welcome);
        byte[] last = client.hear(challenge);

        byte[] end = server.hear(Side.join(last, new byte[50]));
        client.hear(Side.join(end, new byte[9]));

        assertThat(server.unused()).isEqualTo(50);
        assertThat(client.unused()).isEqualTo(9);
    }

    @Test
    void aClientKnowsTheServersKeyAmongSeveral() {
        Keys both =
                Keys.builder().add("new", OTHER_SECRET).add("old", Side.SECRET).build();
        Side client = Side.client(with(both, process));
        Side server = Side.server(elsewhere());

        Side.talk(client, server);

        assertThat(requireNonNull(client.agreement).keyId()).isEqualTo("old");
        assertThat(server.agreement).isNotNull();
    }

    @Test
    void aServerProvesItsFirstKeyAndAcceptsNoOther() {
        Keys both = Keys.builder()
                .add("first", Side.SECRET)
                .add("second", OTHER_SECRET)
                .build();
        Side server = Side.server(with(both, process));
        byte[] theirs = new byte[128];
        server.hear(Side.join(CHALLENGE, theirs));
        byte[] challenge = challengeIn(server.hear(WELCOME));

        byte[] verdict = server.hear(Hmac.BLAKE2B.compute(OTHER_SECRET, challenge));

        assertThat(verdict).asString(US_ASCII).isEqualTo("#FAILURE#");
        assertThat(server.refusal).isNotNull();
    }

    @Test
    void aServersChallengeIsNotAnsweredOnASecondConnection() {
        Side first = Side.server(authentication);
        first.hear(Side.join(CHALLENGE, new byte[128]));
        byte[] challenge = challengeIn(first.hear(WELCOME));

        Side second = Side.server(authentication);
        byte[] answer = second.hear(Side.join(CHALLENGE, challenge));

        assertThat(answer).isEmpty();
        assertThat(second.refusal).hasMessageContaining("issued itself");
    }

    @Test
    void aClientsChallengeIsAnsweredByNobodyInThisProcess() {
        byte[] challenge = challengeIn(Side.client(authentication).begin());

        Side server = Side.server(authentication);
        byte[] answer = server.hear(Side.join(CHALLENGE, challenge));

        assertThat(answer).isEmpty();
        assertThat(server.refusal).hasMessageContaining("issued itself");
    }

    @Test
    void aServersChallengeIsNotAnsweredByAClientOfThisProcess() {
        Side server = Side.server(authentication);
        server.hear(Side.join(CHALLENGE, new byte[128]));
        byte[] challenge = challengeIn(server.hear(WELCOME));
        Side client = Side.client(authentication);
        byte[] toClient = Hmac.BLAKE2B.compute(Side.SECRET, challengeIn(client.begin())); // as a server elsewhere would
        client.hear(toClient);

        byte[] answer = client.hear(Side.join(CHALLENGE, challenge));

        assertThat(answer).isEmpty();
        assertThat(client.refusal).hasMessageContaining("issued itself");
    }

    /** What the documentation says remains. */
    @Test
    void anotherProcessWithTheSameKeyAnswersForAStranger() {
        Side server = Side.server(authentication);
        server.hear(Side.join(CHALLENGE, new byte[128]));
        byte[] challenge = challengeIn(server.hear(WELCOME));

        byte[] answer = Side.server(elsewhere()).hear(Side.join(CHALLENGE, challenge));
        server.hear(answer);

        assertThat(server.agreement).isNotNull();
    }

    @Test
    void challengesAreRetiredWhateverBecomesOfThem() {
        Side done = Side.client(authentication);
        Side.talk(done, Side.server(elsewhere()));
        Side wrong = Side.client(authentication);
        Side.talk(wrong, Side.server(with(Keys.of(OTHER_SECRET), Side.process())));
        Side gone = Side.client(authentication);
        gone.begin();
        assertThat(process.size()).isEqualTo(1);

        gone.exchange().close();

        assertThat(process.size()).isZero();
        assertThat(wrong.refusal).isNotNull();
    }

    @Test
    void aTranscriptIsWorthNothingASecondTime() {
        List<Said> honest = Side.talk(Side.client(authentication), Side.server(elsewhere()));

        Side server = Side.server(elsewhere());
        Side client = Side.client(authentication);
        honest.stream().filter(Said::byClient).forEach(said -> server.hear(said.bytes()));
        honest.stream().filter(said -> !said.byClient()).forEach(said -> client.hear(said.bytes()));

        assertThat(server.refusal).isNotNull();
        assertThat(client.refusal).isNotNull();
    }

    @Test
    void nobodyGetsThroughWithLess() {
        List<Said> honest = Side.talk(Side.client(authentication), Side.server(elsewhere()));
        for (int message = 0; message < honest.size(); message++) {
            int cut = message;
            for (int length = 0; length < honest.get(message).bytes().length; length++) {
                int kept = length;
                int[] count = {0};
                Side client = Side.client(authentication);
                Side server = Side.server(elsewhere());
                Side.talk(client, server, said -> {
                    boolean now = count[0]++ == cut;
                    return now ? new Said(said.byClient(), Arrays.copyOf(said.bytes(), kept)) : said;
                });

                assertThat(client.agreement).isNull();
                if (message < honest.size() - 1) { // with its last word the server has seen everything
                    assertThat(server.agreement).isNull();
                }
                client.exchange().close();
            }
        }
    }

    @Test
    void garbageIsRefusedOrWaitedFor() {
        Random random = new Random(13);
        for (int i = 0; i < 2000; i++) {
            byte[] garbage = new byte[random.nextInt(600)];
            random.nextBytes(garbage);
            Side server = Side.server(authentication);

            server.hear(i % 2 == 0 ? garbage : Side.join(CHALLENGE, garbage));

            assertThat(server.agreement).isNull();
            server.exchange().close();
        }
        assertThat(process.size()).isZero();
    }
}
