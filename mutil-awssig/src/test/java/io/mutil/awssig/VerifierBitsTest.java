package io.mutil.awssig;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * One changed bit anywhere that is signed is rejected: every bit of method, path, query, headers with their names, signature and
 * body, of requests with each form of path and query. Some changes are none, because both sides write the request in the same form before they sign it:
 *
 * <ul>
 *   <li>capital and small letters of a header's name, also of one that is not signed;
 *   <li>capital and small hexadecimal digits of a {@code %2f} in the query, not in the path.
 * </ul>
 */
class VerifierBitsTest {
    private static final Credentials WHO = Credentials.of("AKID/1", "wJalr", "FwoG+/=");
    private static final int CASE = 0x20;
    private static final byte[] BODY = {0, 'b', (byte) 0xFF};

    private final SettableClock clock = new SettableClock("2030-01-01T00:00:00Z");

    /** What arrives. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Sent(String method, String target, Map<String, String> headers, byte[] body) {
        Sent withHeader(String name, String value) {
            Map<String, String> changed = new LinkedHashMap<>(headers);
            changed.put(name, value);
            return new Sent(method, target, changed, body);
        }

        Sent renamed(String name, String other) {
            Map<String, String> changed = new LinkedHashMap<>(headers);
            changed.put(other, String.valueOf(changed.remove(name)));
            return new Sent(method, target, changed, body);
        }
    }

    private Verifier verifier(String service) {
        return Verifier.builder(
                        service,
                        "eu-central-1",
                        key -> Optional.of(WHO).filter(who -> who.accessKey().equals(key)))
                .clock(clock)
                .build();
    }

    private SigV4 signer(String service) {
        return SigV4.builder(WHO)
                .service(service)
                .region("eu-central-1")
                .clock(clock)
                .build();
    }

    private static boolean accepts(Verifier verifier, Sent sent) {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        sent.headers().forEach((name, value) -> headers.put(name, List.of(value)));
        return verifier.verify(sent.method(), sent.target(), headers, sent.body())
                .isAccepted();
    }

    private static List<String> targetsOfS3() {
        return List.of(
                "/",
                "/aZ09-._~?list",
                "/%20a?b=1&a=%20x",
                "/a%2Fb//./c/?a=1&b=2&uploadId=q%2Bw%3d&empty=",
                "/b/%C3%A9~?prefix=%C3%A9%2f");
    }

    @ParameterizedTest
    @MethodSource("targetsOfS3")
    void requestsWithHeaders(String target) {
        assertEveryBitCounts("s3", byHeaders("s3", target, BODY));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/a?list",
                "/aZ09-._~?b=1&a=%20x",
                "/ab/c%20d/?a=1&b=2&uploadId=q%2Bw%3d&empty=",
                "/%C3%A9/x?prefix=%C3%A9%2f"
            })
    void requestsToOtherServices(String target) {
        assertEveryBitCounts("execute-api", byHeaders("execute-api", target, BODY));
    }

    @Test
    void requestsWithoutABody() {
        assertEveryBitCounts("s3", byHeaders("s3", "/a", new byte[0]));
    }

    @ParameterizedTest
    @MethodSource("targetsOfS3")
    void links(String target) {
        URI uri = URI.create("https://bucket.example.com" + target);
        Request request = Request.of("PUT", uri).header("x-amz-acl", "private").payload(Payload.of(BODY));
        URI link = signer("s3").presign(request, Duration.ofHours(1));

        assertEveryBitCounts(
                "s3",
                new Sent(
                        "PUT",
                        link.getRawPath() + "?" + link.getRawQuery(),
                        Map.of("host", "bucket.example.com", "x-amz-acl", "private"),
                        BODY));
    }

    private Sent byHeaders(String service, String target, byte[] body) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Host", "bucket.example.com");
        headers.put("Content-Type", "text/plain;  charset=UTF-8");
        headers.put("X-Amz-Meta-Note", "I am  one");
        Request request = Request.of("PUT", URI.create("https://bucket.example.com" + target))
                .payload(Payload.of(body));
        request = request.header("Content-Type", "text/plain;  charset=UTF-8").header("X-Amz-Meta-Note", "I am  one");
        headers.putAll(signer(service).sign(request).headers());
        return new Sent("PUT", target, headers, body);
    }

    private void assertEveryBitCounts(String service, Sent sent) {
        Verifier verifier = verifier(service);
        assertThat(accepts(verifier, sent)).isTrue();

        flip(sent.method(), method -> accepts(verifier, new Sent(method, sent.target(), sent.headers(), sent.body())));
        flipTarget(verifier, sent);
        sent.headers().forEach((name, value) -> {
            flip(value, changed -> accepts(verifier, sent.withHeader(name, changed)));
            flipName(verifier, sent, name);
        });
        for (int bit = 0; bit < sent.body().length * Byte.SIZE; bit++) {
            byte[] changed = sent.body().clone();
            changed[bit / Byte.SIZE] ^= (byte) (1 << (bit % Byte.SIZE));
            expect(
                    false,
                    accepts(verifier, new Sent(sent.method(), sent.target(), sent.headers(), changed)),
                    "bit " + bit + " of the body");
        }
    }

    /** AssertJ's descriptions would take most of the time. */
    private static void expect(boolean accepted, boolean was, String changed) {
        if (accepted != was) {
            throw new AssertionError((was ? "accepted: " : "refused: ") + changed);
        }
    }

    /** Each bit of a text. */
    private static void flip(String text, Predicate<String> accepts) {
        for (int at = 0; at < text.length(); at++) {
            for (int bit = 1; bit < 0x100; bit <<= 1) {
                String changed = flipped(text, at, bit);
                expect(false, accepts.test(changed), changed);
            }
        }
    }

    private static String flipped(String text, int at, int bit) {
        return text.substring(0, at) + (char) (text.charAt(at) ^ bit) + text.substring(at + 1);
    }

    private static void flipTarget(Verifier verifier, Sent sent) {
        String target = sent.target();
        for (int at = 0; at < target.length(); at++) {
            for (int bit = 1; bit < 0x100; bit <<= 1) {
                String changed = flipped(target, at, bit);
                boolean same = bit == CASE
                        && at > target.indexOf('?')
                        && target.indexOf('?') >= 0
                        && Character.isLetter(target.charAt(at))
                        && (target.charAt(at - 1) == '%' || target.charAt(at - 2) == '%');
                expect(same, accepts(verifier, new Sent(sent.method(), changed, sent.headers(), sent.body())), changed);
            }
        }
    }

    private static void flipName(Verifier verifier, Sent sent, String name) {
        for (int at = 0; at < name.length(); at++) {
            for (int bit = 1; bit < 0x100; bit <<= 1) {
                String changed = flipped(name, at, bit);
                boolean same = bit == CASE && Character.isLetter(name.charAt(at));
                expect(same, accepts(verifier, sent.renamed(name, changed)), changed);
            }
        }
    }
}
