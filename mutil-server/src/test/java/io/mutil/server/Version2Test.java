package io.mutil.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.mutil.codec.FrameFormat;
import io.mutil.server.Side.Said;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class Version2Test {
    private static final int VERSION = 4;
    private static final int ALGORITHM = 5;
    private static final int ROLE = 6;
    private static final int WIDTH = 7;
    private static final int MAX = 8;
    private static final int ID_LENGTH = 16;
    private static final byte[] REFUSED = {1};

    private final Authentication authentication = Side.authentication(Handshake.VERSION_2);
    private final Side client = Side.client(authentication);
    private final Side server = Side.server(authentication);

    private static Authentication with(Keys keys) {
        return Side.authentication(Handshake.VERSION_2, keys);
    }

    private static Authentication with(FrameFormat format) {
        return Side.authentication(Handshake.VERSION_2, Keys.of(Side.SECRET), format, Side.process());
    }

    @Test
    void agreesOnAKeyAndOnWhatTheOtherTakes() throws Exception {
        Side small = Side.client(with(Side.FORMAT.maxBytes(1000)));
        Side large = Side.server(with(Side.FORMAT.maxBytes(5_000_000)));

        Side.talk(small, large);

        Agreement atClient = requireNonNull(small.agreement);
        Agreement atServer = requireNonNull(large.agreement);
        assertThat(atClient.keyId()).isEqualTo("default").isEqualTo(atServer.keyId());
        assertThat(atClient.handshake()).isEqualTo(Handshake.VERSION_2).isEqualTo(atServer.handshake());
        assertThat(atClient.maxPayload()).isEqualTo(5_000_000);
        assertThat(atServer.maxPayload()).isEqualTo(1000);
        atClient.outbound().check(5_000_000);
        assertThat(atClient.inbound().typed() && atClient.outbound().typed()).isTrue();
    }

    @Test
    void neverAgreesOnMoreThanTheHeaderHolds() {
        Side narrow = Side.client(with(FrameFormat.littleEndian(1)));
        Side other = Side.server(with(FrameFormat.littleEndian(1)));

        Side.talk(narrow, other);

        assertThat(requireNonNull(narrow.agreement).maxPayload()).isEqualTo(254); // one byte is the kind
    }

    @Test
    void agreesByteByByte() {
        byte[] preamble = client.begin();
        byte[] theirs = server.hear(preamble, 1);
        byte[] proof = client.hear(theirs, 1);
        byte[] answer = server.hear(proof, 1);
        client.hear(answer, 1);

        assertThat(client.agreement).isNotNull();
        assertThat(server.agreement).isNotNull();
    }

    @Test
    void takesNothingThatComesBehind() {
        byte[] theirs = server.hear(client.begin());
        byte[] proof = client.hear(theirs);

        byte[] answer = server.hear(Side.join(proof, new byte[100]));
        client.hear(Side.join(answer, new byte[7]));

        assertThat(server.unused()).isEqualTo(100);
        assertThat(client.unused()).isEqualTo(7);
    }

    @Test
    void keysAreChangedWithoutAnInterruption() {
        byte[] newer = "another secret of more than sixteen bytes".getBytes(UTF_8);
        Keys both = Keys.builder().add("old", Side.SECRET).add("new", newer).build();

        for (Keys keys : List.of(Side.keys("old", Side.SECRET), Side.keys("new", newer))) {
            Side any = Side.client(with(keys));
            Side.talk(any, Side.server(with(both)));

            assertThat(requireNonNull(any.agreement).keyId())
                    .isEqualTo(keys.ids().get(0));
        }
    }

    @Test
    void aWrongKeyAndAnUnknownIdLookAlike() {
        byte[] wrong = "not the secret of the server".getBytes(UTF_8);
        Side wrongKey = Side.client(with(Side.keys("default", wrong)));
        Side unknownId = Side.client(with(Side.keys("unknown", Side.SECRET)));
        Side first = Side.server(authentication);
        Side second = Side.server(authentication);

        List<Said> toWrongKey = Side.talk(wrongKey, first);
        List<Said> toUnknownId = Side.talk(unknownId, second);

        for (Side refused : List.of(wrongKey, unknownId, first, second)) {
            assertThat(refused.refusal).isNotNull();
        }
        assertThat(first.refusal).hasMessage(requireNonNull(second.refusal).getMessage());
        assertThat(lengths(toWrongKey)).isEqualTo(lengths(toUnknownId));
        assertThat(toWrongKey.get(3).bytes())
                .isEqualTo(toUnknownId.get(3).bytes())
                .isEqualTo(REFUSED);
    }

    private static List<Integer> lengths(List<Said> all) {
        return all.stream().map(said -> said.bytes().length).toList();
    }

    @Test
    void theClientSaysThatHeaderWidthsDiffer() {
        Side wide = Side.client(with(FrameFormat.littleEndian(8)));

        wide.hear(server.hear(wide.begin()));

        assertThat(wide.refusal).hasMessageContaining("4-byte headers").hasMessageContaining("8-byte");
    }

    @Test
    void theServerRefusesAnotherHeaderWidthEvenWithTheKey() throws Exception {
        byte[] preamble = new Preamble(Preamble.CLIENT, 8, 1000, "default".getBytes(UTF_8), new byte[32]).encode();
        byte[] theirs = server.hear(preamble);
        byte[] proof =
                Keys.of(Side.SECRET).mac(0, Hmac.SHA_512, "mutil handshake 2 client".getBytes(UTF_8), preamble, theirs);

        byte[] answer = server.hear(proof);

        assertThat(answer).isEqualTo(REFUSED);
        assertThat(server.refusal).hasMessageContaining("4-byte").hasMessageContaining("8-byte headers");
    }

    @Test
    void nobodyGetsThroughWithOneBitChanged() {
        Random fixed = new Random(7);
        byte[] clientNonce = new byte[Preamble.NONCE_BYTES];
        byte[] serverNonce = new byte[Preamble.NONCE_BYTES];
        fixed.nextBytes(clientNonce);
        fixed.nextBytes(serverNonce);
        Authentication atClient = nonce(clientNonce);
        Authentication atServer = nonce(serverNonce);
        List<Said> honest = Side.talk(Side.client(atClient), Side.server(atServer));
        assertThat(honest).hasSize(4);

        for (int message = 0; message < honest.size(); message++) {
            byte[] bytes = honest.get(message).bytes();
            for (int bit = 0; bit < 8 * bytes.length; bit++) {
                Side victim = Side.client(atClient);
                Side other = Side.server(atServer);
                Side.talk(victim, other, flipping(message, bit));

                String where = "message " + message + ", bit " + bit;
                assertThat(victim.agreement).as(where).isNull();
                if (message < 3) { // before its answer, the server cannot know what becomes of it
                    assertThat(other.agreement).as(where).isNull();
                }
            }
        }
    }

    private static Authentication nonce(byte[] nonce) {
        return Side.authentication(
                Handshake.VERSION_2,
                Keys.of(Side.SECRET),
                Side.FORMAT,
                bytes -> System.arraycopy(nonce, 0, bytes, 0, bytes.length));
    }

    private static UnaryOperator<Said> flipping(int message, int bit) {
        int[] count = {0};
        return said -> {
            if (count[0]++ != message) {
                return said;
            }
            byte[] changed = said.bytes().clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            return new Said(said.byClient(), changed);
        };
    }

    @Test
    void nobodyGetsThroughWithLess() {
        List<Said> honest = Side.talk(client, server);

        for (int message = 0; message < honest.size(); message++) {
            int cut = message;
            for (int length = 0; length < honest.get(message).bytes().length; length++) {
                int kept = length;
                Side victim = Side.client(authentication);
                Side other = Side.server(authentication);
                int[] count = {0};
                Side.talk(
                        victim,
                        other,
                        said -> count[0]++ == cut
                                ? new Said(said.byClient(), Arrays.copyOf(said.bytes(), kept))
                                : said);

                assertThat(victim.agreement).isNull();
                assertThat(message == 3 || other.agreement == null).isTrue();
            }
        }
    }

    @Test
    void aTranscriptIsWorthNothingASecondTime() {
        List<Said> honest = Side.talk(client, server);

        Side again = Side.server(authentication);
        again.hear(honest.get(0).bytes());
        byte[] answer = again.hear(honest.get(2).bytes());
        Side victim = Side.client(authentication);
        victim.begin();
        victim.hear(honest.get(1).bytes());
        victim.hear(honest.get(3).bytes());

        assertThat(again.refusal).isNotNull();
        assertThat(answer).isEqualTo(REFUSED);
        assertThat(victim.refusal).isNotNull();
    }

    @Test
    void aClientIsNotFooledWithItsOwnWords() {
        byte[] preamble = client.begin();

        client.hear(preamble);

        assertThat(client.refusal).hasMessageContaining("role");
    }

    @Test
    void aClientIsNotFooledWithItsOwnProof() {
        byte[] preamble = client.begin();
        byte[] mirrored = preamble.clone();
        mirrored[ROLE] = Preamble.SERVER;

        byte[] proof = client.hear(mirrored);
        client.hear(Side.join(new byte[] {0}, proof));

        assertThat(proof).hasSize(64);
        assertThat(client.refusal).hasMessageContaining("did not prove");
    }

    @Test
    void limitsCannotBeLoweredOrRaisedOnTheWay() {
        for (int field : new int[] {MAX, MAX + 1, MAX + 6, WIDTH}) {
            Side victim = Side.client(authentication);
            Side other = Side.server(authentication);
            int[] count = {0};
            Side.talk(victim, other, said -> {
                byte[] changed = said.bytes().clone();
                if (count[0]++ < 2) { // both preambles alike, so that neither end can see it from the other's
                    changed[field] = 2;
                }
                return new Said(said.byClient(), changed);
            });

            assertThat(victim.agreement).isNull();
            assertThat(other.agreement).isNull();
        }
    }

    @Test
    void malformedPreamblesGetOneByte() {
        for (int[] change : new int[][] {
            {0, 'X'},
            {VERSION, 1},
            {VERSION, 3},
            {ALGORITHM, 2},
            {ROLE, 2},
            {ROLE, 0},
            {ID_LENGTH, 0},
            {ID_LENGTH, 65},
            {ID_LENGTH, 255}
        }) {
            byte[] preamble = Side.join(Side.client(authentication).begin(), new byte[300]);
            preamble[change[0]] = (byte) change[1];
            Side victim = Side.server(authentication);

            byte[] answer = victim.hear(preamble);

            assertThat(answer).as("byte %d = %d", change[0], change[1]).isEqualTo(REFUSED);
            assertThat(victim.refusal).isNotNull();
        }
    }

    @Test
    void aLimitOfNothingOrOfMoreThanAnythingIsRefused() {
        for (byte high : new byte[] {0, (byte) 0x80, (byte) 0xff}) {
            byte[] preamble = client.begin();
            for (int i = MAX; i < MAX + 8; i++) {
                preamble[i] = i == MAX + 7 ? high : 0;
            }

            byte[] answer = Side.server(authentication).hear(preamble);

            assertThat(answer).isEqualTo(REFUSED);
        }
    }

    @Test
    void anEarlyRefusalIsUnderstood() {
        client.begin();

        client.hear(REFUSED);

        assertThat(client.refusal).hasMessageContaining("same release");
    }

    @Test
    void theKeyIdIsEchoed() {
        byte[] preamble = client.begin();
        Side other = Side.client(with(Side.keys("defaulx", Side.SECRET)));
        byte[] theirs = server.hear(other.begin());

        client.hear(theirs);

        assertThat(preamble).hasSizeGreaterThan(50);
        assertThat(client.refusal).hasMessageContaining("another key id");
    }

    @Test
    void bothEndsOfOneTlsConnectionAgree() {
        byte[] certificate = {1, 2, 3};
        Side bound = Side.client(authentication, certificate);
        Side.talk(bound, Side.server(authentication, certificate));

        assertThat(bound.agreement).isNotNull();
    }

    @Test
    void whoTerminatesTlsInBetweenIsFoundOut() {
        Side bound = Side.client(authentication, new byte[] {1, 2, 3});
        Side other = Side.server(authentication, new byte[] {1, 2, 4});

        Side.talk(bound, other);

        assertThat(bound.refusal).hasMessageContaining("TLS");
        assertThat(other.refusal).hasMessageContaining("TLS");
    }

    @Test
    void garbageIsRefusedOrWaitedFor() {
        Random random = new Random(11);
        for (int i = 0; i < 2000; i++) {
            byte[] garbage = new byte[random.nextInt(400)];
            random.nextBytes(garbage);
            byte[] start = i % 2 == 0 ? client.begin() : new byte[] {'M', 'U', 'T', 'L', 2, 1, 1};
            byte[] mixed = Side.join(Arrays.copyOf(start, random.nextInt(start.length + 1)), garbage);

            Side victim = Side.server(authentication);
            victim.hear(mixed);

            assertThat(victim.agreement).isNull();
        }
    }

    @Test
    void closedKeysProveNothing() {
        Keys keys = Keys.of(Side.SECRET);
        Side victim = Side.server(with(keys));
        Side stale = Side.client(with(Keys.of(new byte[Side.SECRET.length])));
        keys.close();

        Side.talk(stale, victim);

        assertThat(victim.refusal).hasMessageContaining("closed");
        assertThat(stale.agreement).isNull();
    }
}
