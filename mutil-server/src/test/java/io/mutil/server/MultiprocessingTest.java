package io.mutil.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.mutil.server.Side.Said;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MultiprocessingTest {
    private static final byte[] PREFIX = "#CHALLENGE#".getBytes(US_ASCII);
    private static final byte[] SHA_256 = "{sha256}".getBytes(US_ASCII);
    private static final byte[] WELCOME = message("#WELCOME#".getBytes(US_ASCII));
    private static final byte[] FAILURE = message("#FAILURE#".getBytes(US_ASCII));
    private static final byte[] OTHER_SECRET = "another secret of the same kind".getBytes(UTF_8);

    private final IssuedChallenges process = Side.process();
    private final Authentication authentication = with(Keys.of(Side.SECRET), process);
    private final Side server = Side.server(authentication);
    private final Side client = Side.client(authentication);

    private static Authentication with(Keys keys, IssuedChallenges process) {
        return Side.authentication(Handshake.MULTIPROCESSING, keys, Side.FORMAT, process);
    }

    private static byte[] message(byte[]... parts) {
        byte[] body = Side.join(parts);
        return Side.join(ByteBuffer.allocate(4).putInt(body.length).array(), body);
    }

    private static byte[] body(byte[] message) {
        assertThat(ByteBuffer.wrap(message).getInt()).isEqualTo(message.length - 4);
        return Arrays.copyOfRange(message, 4, message.length);
    }

    /** What has to be answered to a challenge, which is what follows the prefix. */
    private static byte[] challengeIn(byte[] message) {
        byte[] body = body(message);
        assertThat(body).startsWith(PREFIX);
        return Arrays.copyOfRange(body, PREFIX.length, body.length);
    }

    private static byte[] oldAnswer(byte[] challenge) {
        return message(Hmac.MD5.compute(Side.SECRET, challenge));
    }

    private static byte[] newAnswer(byte[] challenge) {
        return message(SHA_256, Hmac.SHA_256.compute(Side.SECRET, challenge));
    }

    private static byte[] random(int bytes) {
        byte[] random = new byte[bytes];
        new Random().nextBytes(random);
        return random;
    }

    @Test
    void agreesAmongOurselves() {
        Side other = Side.server(Side.authentication(Handshake.MULTIPROCESSING));

        Side.talk(client, other);

        Agreement agreement = requireNonNull(client.agreement);
        assertThat(agreement.handshake()).isEqualTo(Handshake.MULTIPROCESSING);
        assertThat(agreement.inbound()).isEqualTo(new MultiprocessingFraming(Side.FORMAT.maxBytes()));
        assertThat(agreement.maxPayload()).isEqualTo(Side.FORMAT.maxBytes());
        assertThat(other.agreement).isNotNull();
    }

    @Test
    void challengesAsPython312Does() {
        byte[] challenge = challengeIn(server.begin());

        assertThat(challenge).startsWith(SHA_256).hasSize(SHA_256.length + 40);
    }

    @Test
    void aServerTakesNewClients() {
        byte[] theirs = Side.join(SHA_256, random(40));

        byte[] welcome = server.hear(newAnswer(challengeIn(server.begin())));
        byte[] answer = server.hear(message(PREFIX, theirs));
        server.hear(Side.join(WELCOME, new byte[3]));

        assertThat(welcome).isEqualTo(WELCOME);
        assertThat(answer).isEqualTo(newAnswer(theirs));
        assertThat(server.agreement).isNotNull();
        assertThat(server.unused()).isEqualTo(3);
    }

    @Test
    void aServerTakesOldClients() {
        byte[] theirs = random(20);

        byte[] welcome = server.hear(oldAnswer(challengeIn(server.begin())));
        byte[] answer = server.hear(message(PREFIX, theirs));
        server.hear(WELCOME);

        assertThat(welcome).isEqualTo(WELCOME);
        assertThat(answer).isEqualTo(oldAnswer(theirs));
        assertThat(server.agreement).isNotNull();
    }

    @Test
    void aClientTakesNewServersByteByByte() {
        byte[] theirs = Side.join(SHA_256, random(40));

        byte[] answer = client.hear(message(PREFIX, theirs), 1);
        byte[] challenge = client.hear(WELCOME, 1);
        client.hear(newAnswer(challengeIn(challenge)), 1);

        assertThat(answer).isEqualTo(newAnswer(theirs));
        assertThat(client.agreement).isNotNull();
    }

    @Test
    void aClientTakesOldServers() {
        byte[] theirs = random(20);

        byte[] answer = client.hear(message(PREFIX, theirs));
        byte[] challenge = client.hear(WELCOME);
        client.hear(oldAnswer(challengeIn(challenge)));

        assertThat(answer).isEqualTo(oldAnswer(theirs));
        assertThat(client.agreement).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{sha256}", "{sha384}", "{sha3_256}", "{sha3_384}"})
    void answersWithTheDigestThatANewServerAsksFor(String name) {
        Hmac algorithm = Hmac.valueOf(name.substring(1, name.length() - 1)
                .toUpperCase(java.util.Locale.ROOT)
                .replace("SHA2", "SHA_2")
                .replace("SHA384", "SHA_384"));
        byte[] theirs = Side.join(name.getBytes(US_ASCII), random(40));

        byte[] answer = client.hear(message(PREFIX, theirs));

        assertThat(answer).isEqualTo(message(name.getBytes(US_ASCII), algorithm.compute(Side.SECRET, theirs)));
    }

    @Test
    void lengthsMayBeWide() {
        byte[] theirs = Side.join(PREFIX, random(20));
        byte[] wide = ByteBuffer.allocate(12).putInt(-1).putLong(theirs.length).array();

        byte[] answer = client.hear(Side.join(wide, theirs));

        assertThat(answer).hasSize(20);
    }

    @Test
    void lengthsBeyond256AreRefusedBeforeAnythingIsKept() {
        for (byte[] header : List.of(
                ByteBuffer.allocate(4).putInt(257).array(),
                ByteBuffer.allocate(4).putInt(Integer.MAX_VALUE).array(),
                ByteBuffer.allocate(4).putInt(-2).array(),
                ByteBuffer.allocate(12).putInt(-1).putLong(257).array(),
                ByteBuffer.allocate(12).putInt(-1).putLong(-1).array())) {
            Side victim = Side.server(authentication);

            victim.begin();
            byte[] answer = victim.hear(Side.join(header, new byte[1000]));

            assertThat(answer).isEmpty();
            assertThat(victim.refusal).hasMessageContaining("at most 256");
        }
    }

    @Test
    void md5IsTakenInItsOldFormOnly() {
        byte[] challenge = challengeIn(server.begin());

        byte[] verdict = server.hear(message("{md5}".getBytes(US_ASCII), Hmac.MD5.compute(Side.SECRET, challenge)));

        assertThat(verdict).isEqualTo(FAILURE);
        assertThat(server.refusal).isNotNull();
    }

    @Test
    void otherDigestsThanTheOneAskedForAreNotTaken() {
        byte[] challenge = challengeIn(server.begin());

        byte[] verdict =
                server.hear(message("{sha384}".getBytes(US_ASCII), Hmac.SHA_384.compute(Side.SECRET, challenge)));

        assertThat(verdict).isEqualTo(FAILURE);
    }

    @Test
    void whoAnswersAsANewClientMayNotChallengeAsAnOldOne() {
        server.hear(newAnswer(challengeIn(server.begin())));

        byte[] answer = server.hear(message(PREFIX, random(20)));

        assertThat(answer).isEmpty();
        assertThat(server.refusal).hasMessageContaining("version of Python");
    }

    @Test
    void whoAnswersAsAnOldClientMayNotChallengeAsANewOne() {
        server.hear(oldAnswer(challengeIn(server.begin())));

        byte[] answer = server.hear(message(PREFIX, SHA_256, random(40)));

        assertThat(answer).isEmpty();
        assertThat(server.refusal).isNotNull();
    }

    @Test
    void whoChallengesAsANewServerMayNotAnswerAsAnOldOne() {
        client.hear(message(PREFIX, SHA_256, random(40)));
        byte[] challenge = challengeIn(client.hear(WELCOME));

        byte[] verdict = client.hear(oldAnswer(challenge));

        assertThat(verdict).isEqualTo(FAILURE);
        assertThat(client.refusal).isNotNull();
    }

    @Test
    void strangeChallengesAreNotAnswered() {
        for (byte[] strange : List.of(
                new byte[0],
                random(19),
                random(21),
                Side.join("{md5}".getBytes(US_ASCII), random(40)),
                Side.join("{sha1}".getBytes(US_ASCII), random(40)),
                Side.join("{sha256".getBytes(US_ASCII), random(40)),
                Side.join(SHA_256, random(11)))) {
            Side victim = Side.client(authentication);

            byte[] answer = victim.hear(message(PREFIX, strange));

            assertThat(answer).isEmpty();
            assertThat(victim.refusal).isNotNull();
        }
        Side victim = Side.client(authentication);
        assertThat(victim.hear(message("#CHALLENGE".getBytes(US_ASCII)))).isEmpty();
        assertThat(victim.refusal).hasMessageContaining("Handshake.MULTIPROCESSING");
    }

    @Test
    void aServerKnowsTheClientsKeyAmongSeveral() {
        Keys both =
                Keys.builder().add("new", OTHER_SECRET).add("old", Side.SECRET).build();
        Side other = Side.server(with(both, Side.process()));

        Side.talk(client, other);

        assertThat(requireNonNull(other.agreement).keyId()).isEqualTo("old");
        assertThat(client.agreement).isNotNull();
    }

    @Test
    void wrongKeysAreRefusedOnBothEnds() {
        Side other = Side.client(with(Keys.of(OTHER_SECRET), Side.process()));

        List<Said> said = Side.talk(other, server);

        assertThat(said.get(2).bytes()).isEqualTo(FAILURE);
        assertThat(other.refusal).hasMessageContaining("did not accept");
        assertThat(server.refusal).hasMessageContaining("did not prove");
    }

    @Test
    void aServersChallengeIsNotAnsweredByAClientOfThisProcess() {
        byte[] challenge = server.begin();

        byte[] answer = client.hear(challenge);

        assertThat(answer).isEmpty();
        assertThat(client.refusal).hasMessageContaining("issued itself");
    }

    @Test
    void aClientsChallengeIsNotAnsweredByAnotherClientOfThisProcess() {
        client.hear(message(PREFIX, random(20)));
        byte[] challenge = client.hear(WELCOME);

        Side second = Side.client(authentication);
        byte[] answer = second.hear(challenge);

        assertThat(answer).isEmpty();
        assertThat(second.refusal).hasMessageContaining("issued itself");
    }

    @Test
    void aServersChallengeIsNotAnsweredOnASecondConnection() {
        byte[] challenge = server.begin();
        Side second = Side.server(authentication);
        second.hear(newAnswer(challengeIn(second.begin())));

        byte[] answer = second.hear(challenge);

        assertThat(answer).isEmpty();
        assertThat(second.refusal).hasMessageContaining("issued itself");
    }

    @Test
    void aTranscriptIsWorthNothingASecondTime() {
        Authentication elsewhere = Side.authentication(Handshake.MULTIPROCESSING);
        List<Said> honest = Side.talk(Side.client(authentication), Side.server(elsewhere));

        honest.stream().filter(Said::byClient).forEach(said -> server.hear(said.bytes()));
        honest.stream().filter(said -> !said.byClient()).forEach(said -> client.hear(said.bytes()));

        assertThat(server.refusal).isNotNull();
        assertThat(client.refusal).isNotNull();
    }

    @Test
    void nobodyGetsThroughWithLess() {
        Authentication elsewhere = Side.authentication(Handshake.MULTIPROCESSING);
        List<Said> honest = Side.talk(Side.client(authentication), Side.server(elsewhere));
        for (int message = 0; message < honest.size(); message++) {
            int cut = message;
            for (int length = 0; length < honest.get(message).bytes().length; length++) {
                int kept = length;
                int[] count = {0};
                Side victim = Side.client(authentication);
                Side other = Side.server(elsewhere);
                Side.talk(victim, other, said -> {
                    boolean now = count[0]++ == cut;
                    return now ? new Said(said.byClient(), Arrays.copyOf(said.bytes(), kept)) : said;
                });

                assertThat(other.agreement).isNull();
                victim.exchange().close();
                other.exchange().close();
            }
        }
    }

    @Test
    void garbageIsRefusedOrWaitedFor() {
        Random random = new Random(17);
        for (int i = 0; i < 2000; i++) {
            byte[] garbage = new byte[random.nextInt(300)];
            random.nextBytes(garbage);
            Side victim = i % 2 == 0 ? Side.server(authentication) : Side.client(authentication);

            victim.hear(i % 4 < 2 ? garbage : message(garbage));

            assertThat(victim.agreement).isNull();
            victim.exchange().close();
        }
        assertThat(process.size()).isZero();
    }
}
