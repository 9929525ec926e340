package io.mutil.awssig;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Checks signatures on the server's side: of headers, of links, and of bodies while they are read.
 *
 * <pre>{@code
 * Verifier verifier = Verifier.s3("eu-central-1", key -> Optional.ofNullable(users.get(key)));
 * Verification found = verifier.verify("PUT", "/bucket/key", headers);
 * if (found instanceof Verification.Accepted accepted) {
 *     store(accepted.accessKey(), accepted.body(in));
 * }
 * }</pre>
 *
 * <p>It wants {@code host} and every {@code x-amz-*} header to be signed, so take away what your own proxy added, such as {@code
 * x-amz-cf-id} of CloudFront. It takes neither an {@code x-amz-*} header nor a parameter of the query twice (see {@link
 * VerifierBuilder#repeatedParameters}), since one signature stands for {@code ?a=1&a=2} and {@code ?a=2&a=1}, and for two
 * headers and one with both values. Other signed headers may come more than once,
 * which HTTP defines as one with their values in that order. Where paths are signed as {@link PathRule#NORMALIZED}, it takes no
 * dot segments and double slashes, since one signature stands for {@code /b}, {@code //b} and {@code /a/../b}.
 *
 * <p>A request that was accepted can be accepted again until its time is over: there is no memory against replay. An unknown
 * access key and a wrong signature take the same work and get the same answer.
 *
 * <p>Safe for use by many threads.
 */
public final class Verifier {
    private static final String NO_MATCH =
            "the access key is unknown, or the signature does not match: check the secret, and "
                    + "that method, path, query and signed headers arrive as they were signed";

    private final Rules rules;
    private final Function<? super String, Optional<Credentials>> keys;
    private final Credentials decoy;
    private final Clock clock;
    private final LongAdder accepted = new LongAdder();
    private final LongAdder refused = new LongAdder();

    record Rules(
            String service,
            String region,
            PathRule path,
            Duration skew,
            int maxChunkBytes,
            boolean repeatedParameters) {}

    Verifier(Rules rules, Function<? super String, Optional<Credentials>> keys, Credentials decoy, Clock clock) {
        this.rules = rules;
        this.keys = keys;
        this.decoy = decoy;
        this.clock = clock;
    }

    /** For a store that speaks S3; otherwise as {@link #builder}. */
    public static Verifier s3(String region, Function<? super String, Optional<Credentials>> keys) {
        return builder("s3", region, keys).build();
    }

    /**
     * Choices for a verifier.
     *
     * @param service which clients sign for
     * @param region which clients sign for
     * @param keys finds the credentials of an access key; those of another one count as none. Where they have a session token, requests must show it; where they
     *     have none, requests must not
     */
    public static VerifierBuilder builder(
            String service, String region, Function<? super String, Optional<Credentials>> keys) {
        return new VerifierBuilder(service, region, keys);
    }

    /**
     * Verifies a request whose body is still to come, see {@link Verification.Accepted#body}.
     *
     * @param target path and query as they are in the first line of the request, nothing decoded
     * @param headers as they arrived, names in any case, values decoded as UTF-8; over HTTP/2 {@code host} is the authority.
     *     Servers such as the JDK's and Netty decode ISO-8859-1, so that a value beyond ASCII needs {@code new
     *     String(value.getBytes(ISO_8859_1), UTF_8)} first
     */
    public Verification verify(String method, String target, Map<String, List<String>> headers) {
        return verify(method, target, headers, null);
    }

    /**
     * Verifies a request together with its body.
     *
     * @param target path and query as they are in the first line of the request, nothing decoded
     * @param headers as they arrived, names in any case, values decoded as UTF-8; over HTTP/2 {@code host} is the authority
     * @param body as it arrived, with the frames of chunks where it has some; null as long as it is still to come
     */
    public Verification verify(
            String method, String target, Map<String, List<String>> headers, byte @Nullable [] body) {
        try {
            Verification.Accepted result = accepted(Incoming.of(method, target, headers), body);
            accepted.increment();
            return result;
        } catch (Refusal e) {
            refused.increment();
            return e.asResult();
        }
    }

    private Verification.Accepted accepted(Incoming request, byte @Nullable [] body) throws Refusal {
        Claim claim = Claim.of(request);
        checkScope(claim);
        checkTime(claim);
        checkPath(request.path());
        HeaderList headers = signedHeaders(claim, request);
        BodyCheck check = BodyCheck.of(claim, request, body, rules.maxChunkBytes());
        CanonicalRequest canonical = CanonicalRequest.of(
                request.method(),
                rules.path().canonical(request.path()),
                query(claim, request),
                headers,
                check.stated());
        DayKey key = matched(claim, canonical);
        var result = new Verification.Accepted(
                claim, check.with(() -> new ChunkSigner(key, claim.time().time(), claim.signature())));
        if (body != null) {
            checkBody(result, body);
        }
        return result;
    }

    private void checkPath(String path) throws Refusal {
        if (!rules.path().keeps(path)) {
            throw Refusal.malformed(
                    "the path must have neither dot segments nor double slashes, since a signature here does "
                            + "not tell it from the path without; send and sign it without");
        }
    }

    private void checkScope(Claim claim) throws Refusal {
        if (!claim.region().equals(rules.region()) || !claim.service().equals(rules.service())) {
            throw new Refusal(
                    Verification.Reason.WRONG_SCOPE,
                    "the signature is for " + claim.service() + " in " + claim.region() + "; sign for "
                            + rules.service() + " in " + rules.region());
        }
        if (!claim.date().equals(claim.time().date())) {
            throw new Refusal(
                    Verification.Reason.WRONG_TIME,
                    "the day of the scope must be that of the time "
                            + claim.time().time() + ", was " + claim.date());
        }
    }

    private void checkTime(Claim claim) throws Refusal {
        Instant now = clock.instant();
        Instant time = Instant.ofEpochSecond(claim.time().epochSecond());
        Duration age = Duration.between(time, now);
        boolean early = age.negated().compareTo(rules.skew()) > 0;
        boolean late = claim.expires() == null && age.compareTo(rules.skew()) > 0;
        if (early || late) {
            throw new Refusal(
                    Verification.Reason.WRONG_TIME,
                    "the signature is of " + time + ", which is more than " + rules.skew() + " from " + now
                            + " here; set the client's clock, and sign each attempt anew");
        }
        if (claim.expires() != null && age.compareTo(claim.expires()) > 0) {
            throw new Refusal(
                    Verification.Reason.EXPIRED,
                    "the link ended at " + time.plus(claim.expires()) + ", it is " + now + "; ask for a new one");
        }
    }

    private static HeaderList signedHeaders(Claim claim, Incoming request) throws Refusal {
        List<String> names = claim.signedHeaders();
        for (String name : request.headers().keySet()) {
            if (name.startsWith("x-amz-")) {
                if (!names.contains(name)) {
                    throw headers("header " + shown(name) + " came unsigned; sign all x-amz- headers");
                }
                request.single(name);
            }
        }
        boolean dated = claim.expires() != null
                || names.contains(HeaderForm.DATE)
                || (names.contains("date") && !request.headers().containsKey(HeaderForm.DATE));
        if (!names.contains("host") || !dated) {
            throw headers("host and the header with the time must be signed");
        }
        request.single("host");
        var list = new HeaderList();
        for (String name : names) {
            List<String> values = request.values(name);
            if (values.isEmpty()) {
                throw headers("header " + name + " is signed and did not arrive; send it, and look at proxies between");
            }
            values.forEach(value -> list.add(name, value));
        }
        return list;
    }

    private static Refusal headers(String message) {
        return new Refusal(Verification.Reason.HEADERS, message);
    }

    private static String shown(String header) {
        return Text.isToken(header) ? header : "x-amz-...";
    }

    /** The signature has the values of one name sorted, so it does not tell in which order they were sent. */
    private CanonicalQuery query(Claim claim, Incoming request) throws Refusal {
        CanonicalQuery query = CanonicalQuery.of(request.query());
        String repeated = query.repeated(name -> !rules.repeatedParameters() || Incoming.isOfAws(name));
        if (repeated != null) {
            throw Refusal.duplicate("parameter " + repeated);
        }
        return claim.expires() == null ? query : query.without(QueryForm.SIGNATURE);
    }

    /** The key of whoever signed. What is compared, and how long that takes, is the same if there is no such key. */
    private DayKey matched(Claim claim, CanonicalRequest canonical) throws Refusal {
        // a store of keys may not tell capitals from small letters, or know one key by several names
        Optional<Credentials> known =
                keys.apply(claim.accessKey()).filter(found -> found.accessKey().equals(claim.accessKey()));
        Credentials who = known.orElse(decoy);
        DayKey key = DayKey.derive(who, claim.date(), claim.region(), claim.service());
        String expected = Draft.of(canonical, claim.time(), key).signature();
        boolean signature = isEqual(expected, claim.signature());
        boolean token = isEqual(
                Objects.requireNonNullElse(who.sessionToken(), ""), Objects.requireNonNullElse(claim.token(), ""));
        if (!signature || !token || known.isEmpty()) {
            throw new Refusal(Verification.Reason.NO_MATCH, NO_MATCH);
        }
        return key;
    }

    private static boolean isEqual(String a, String b) {
        return MessageDigest.isEqual(a.getBytes(UTF_8), b.getBytes(UTF_8));
    }

    private static void checkBody(Verification.Accepted accepted, byte[] body) throws Refusal {
        try {
            accepted.drain(new ByteArrayInputStream(body));
        } catch (BodyRefusedException e) {
            throw new Refusal(Verification.Reason.BODY, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw new IllegalStateException("bytes in memory can be read", e);
        }
    }

    /** Counters since it was made. */
    public VerifierStats stats() {
        return new VerifierStats(accepted.sum(), refused.sum());
    }

    @Override
    public String toString() {
        return "Verifier[" + rules.service() + " in " + rules.region() + "]";
    }
}
