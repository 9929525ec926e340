package io.mutil.awssig;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * Signs requests to AWS, and to stores that speak S3, with Signature Version 4, for any HTTP client.
 *
 * <pre>{@code
 * SigV4 s3 = SigV4.s3("eu-central-1", Credentials.of(accessKey, secret));
 * Signed signed = s3.sign("GET", uri);
 * signed.headers().forEach(request::header);
 * URI link = s3.presign("GET", uri, Duration.ofHours(1));
 * }</pre>
 *
 * <p>A signature counts for a few minutes, so sign each attempt anew. Safe for use by many threads.
 *
 * @see <a href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html">Create a
 *     signed AWS API request</a>
 */
public final class SigV4 {
    private static final int KEYS = 16;

    private final Scheme scheme;
    private final Supplier<? extends Credentials> credentials;
    private final Ticker ticker;
    private final KeyCache keys = new KeyCache(KEYS);
    private final LongAdder signatures = new LongAdder();

    SigV4(Scheme scheme, Supplier<? extends Credentials> credentials, Ticker ticker) {
        this.scheme = scheme;
        this.credentials = credentials;
        this.ticker = ticker;
    }

    /**
     * A signer for S3.
     *
     * @param region such as {@code eu-central-1}; see {@link S3Endpoint} for other stores
     */
    public static SigV4 s3(String region, Credentials credentials) {
        return of("s3", region, credentials);
    }

    /** A signer for S3 whose credentials change. */
    public static SigV4 s3(String region, Supplier<? extends Credentials> credentials) {
        return of("s3", region, credentials);
    }

    /**
     * A signer for a service.
     *
     * @param service its signing name, such as {@code dynamodb} or {@code execute-api}
     */
    public static SigV4 of(String service, String region, Credentials credentials) {
        return builder(credentials).service(service).region(region).build();
    }

    /** A signer for a service, whose credentials change. */
    public static SigV4 of(String service, String region, Supplier<? extends Credentials> credentials) {
        return builder(credentials).service(service).region(region).build();
    }

    /**
     * A signer for the service and the region that a host's name tells.
     *
     * @throws IllegalArgumentException if the name does not tell them for certain
     */
    public static SigV4 forHost(String host, Credentials credentials) {
        return builder(credentials).host(host).build();
    }

    /** A signer for what a host's name tells, whose credentials change. */
    public static SigV4 forHost(String host, Supplier<? extends Credentials> credentials) {
        return builder(credentials).host(host).build();
    }

    /** Choices for a signer. */
    public static SigV4Builder builder(Credentials credentials) {
        requireNonNull(credentials, "credentials");
        return new SigV4Builder(() -> credentials);
    }

    /**
     * Choices for a signer whose credentials change.
     *
     * @param credentials asked at each signature, so it should answer at once
     */
    public static SigV4Builder builder(Supplier<? extends Credentials> credentials) {
        return new SigV4Builder(credentials);
    }

    /** Signs a request without headers of its own and without a body. */
    public Signed sign(String method, URI uri) {
        return sign(Request.of(method, uri));
    }

    /** Signs a request. */
    public Signed sign(String method, URI uri, Map<String, String> headers, Payload payload) {
        return sign(Request.of(method, uri).headers(headers).payload(payload));
    }

    /** Signs a request. */
    public Signed sign(Request request) {
        Signed signed = signed(request, credentials.get(), ticker.now());
        signatures.increment();
        return signed;
    }

    private Signed signed(Request request, Credentials who, Stamp time) {
        Map<String, String> headers = new LinkedHashMap<>();
        Draft draft = HeaderForm.sign(scheme, request, who, key(who, time), time, headers);
        return new Signed(this, request, who, draft, headers);
    }

    private DayKey key(Credentials who, Stamp time) {
        return keys.get(who, time.date(), scheme.region(), scheme.service());
    }

    /** What would be signed at some time. */
    Draft draft(Request request, Credentials who, Stamp time) {
        return HeaderForm.sign(scheme, request, who, key(who, time), time, new LinkedHashMap<>());
    }

    /**
     * Makes a link that whoever has it can use.
     *
     * @param expiry from 1 second to 7 days; parts of seconds are dropped. A link made with a session ends with it
     */
    public URI presign(String method, URI uri, Duration expiry) {
        return presign(Request.of(method, uri), expiry);
    }

    /**
     * Makes a link that whoever has it can use, with the request's headers. The query comes out sorted and encoded as it was
     * signed.
     *
     * @param request without a payload, and without {@code X-Amz-Content-Sha256} in its headers or query, any body may be sent
     *     to S3, and none to others
     * @param expiry from 1 second to 7 days; parts of seconds are dropped. A link made with a session ends with it
     */
    public URI presign(Request request, Duration expiry) {
        return link(request, expiry).uri();
    }

    /** A link, with the stages of its signature. */
    QueryForm link(Request request, Duration expiry) {
        QueryForm link = link(request, credentials.get(), ticker.now(), expiry);
        signatures.increment();
        return link;
    }

    private QueryForm link(Request request, Credentials who, Stamp time, Duration expiry) {
        if (scheme.compatible()) {
            throw new IllegalStateException("compatible() signs headers only; use another signer for links");
        }
        return QueryForm.sign(scheme, request, who, key(who, time), time, expiry);
    }

    /** What {@link #sign} would sign now; {@link Signed#explain} tells what it did sign. */
    public Explanation explain(String method, URI uri, Map<String, String> headers, Payload payload) {
        return explain(Request.of(method, uri).headers(headers).payload(payload));
    }

    /** What {@link #sign} would sign now; {@link Signed#explain} tells what it did sign. */
    public Explanation explain(Request request) {
        return signed(request, credentials.get(), ticker.now()).explain();
    }

    /** What {@link #presign} would sign now. */
    public Explanation explain(Request request, Duration expiry) {
        Credentials who = credentials.get();
        return new Explanation(
                link(request, who, ticker.now(), expiry).draft(),
                time -> link(request, who, time, expiry).draft());
    }

    /**
     * Goes by a server's clock from now on, where the server refused a request for its time.
     *
     * @param serverTime from the {@code Date} header of its answer, say
     */
    public void correctClock(Instant serverTime) {
        ticker.correct(serverTime);
    }

    /** Counters since it was made. */
    public SigningStats stats() {
        return new SigningStats(signatures.sum(), keys.derived(), ticker.correction());
    }

    @Override
    public String toString() {
        return "SigV4[" + scheme.service() + " in " + scheme.region() + "]";
    }
}
