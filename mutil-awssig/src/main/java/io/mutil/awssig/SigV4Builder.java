package io.mutil.awssig;

import static java.util.Objects.requireNonNull;

import java.time.Clock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Choices for a {@link SigV4}. Single use, not thread-safe. */
public final class SigV4Builder {
    private final Supplier<? extends Credentials> credentials;
    private @Nullable String service;
    private @Nullable String region;
    private @Nullable String host;
    private @Nullable PathRule pathRule;
    private @Nullable Boolean contentSha256;
    private boolean signToken = true;
    private boolean compatible;
    private boolean s3Session;
    private Clock clock = Clock.systemUTC();

    SigV4Builder(Supplier<? extends Credentials> credentials) {
        this.credentials = requireNonNull(credentials, "credentials");
    }

    /** The service's signing name, such as {@code s3}. */
    public SigV4Builder service(String service) {
        this.service = Scheme.checked("service", service);
        return this;
    }

    /** The region, such as {@code eu-central-1}. */
    public SigV4Builder region(String region) {
        this.region = Scheme.checked("region", region);
        return this;
    }

    /** The host that tells what {@link #service} and {@link #region} do not. */
    public SigV4Builder host(String host) {
        this.host = requireNonNull(host, "host");
        return this;
    }

    /** How the path is signed. Default as the service wants it. */
    public SigV4Builder pathRule(PathRule pathRule) {
        this.pathRule = requireNonNull(pathRule, "pathRule");
        return this;
    }

    /**
     * Whether the hash of the payload is sent in {@code x-amz-content-sha256}. Default for S3 only; a payload that is not
     * hashed is always announced there.
     */
    public SigV4Builder contentSha256(boolean sent) {
        contentSha256 = sent;
        return this;
    }

    /** Whether the token of a session is signed too, or added after, as a few services want it. Default true. */
    public SigV4Builder signToken(boolean signed) {
        signToken = signed;
        return this;
    }

    /**
     * The credentials are of a session of S3 Express, as its {@code CreateSession} gives them: their token is sent in
     * {@code x-amz-s3session-token}. Other credentials, with which {@code CreateSession} itself is signed, go without this.
     */
    public SigV4Builder s3ExpressSession() {
        s3Session = true;
        return this;
    }

    /**
     * Signs as the Python library does: only host and time, no query, no body, the path decoded and encoded again; the
     * second and third label of {@link #host} are service and region. S3 itself refuses such requests. For programs that
     * compare.
     */
    public SigV4Builder compatible() {
        compatible = true;
        return this;
    }

    /** What the time is. Default the system's clock. */
    public SigV4Builder clock(Clock clock) {
        this.clock = requireNonNull(clock, "clock");
        return this;
    }

    /**
     * Makes the signer.
     *
     * @throws IllegalStateException if service or region is not given and there is no host, or for a session of S3 Express with
     *     another service
     * @throws IllegalArgumentException if the host does not tell for certain what is not given
     */
    public SigV4 build() {
        String service = this.service;
        String region = this.region;
        if (service == null || region == null) {
            HostScope told = told();
            service = service == null ? told.service() : service;
            region = region == null ? told.region() : region;
        }
        if (service == null || region == null) {
            String what = service != null ? "the region" : region != null ? "the service" : "service and region";
            throw new IllegalArgumentException("host \"" + host + "\" does not tell " + what
                    + " for certain; give the builder what is missing, by service() and region()");
        }
        if (s3Session && !service.equals("s3express")) {
            throw new IllegalStateException("s3ExpressSession() is for the service s3express, was " + service);
        }
        PathRule path = pathRule != null ? pathRule : PathRule.of(service);
        boolean hash = contentSha256 != null ? contentSha256 : Scheme.isS3(service);
        return new SigV4(
                new Scheme(service, region, path, hash, signToken, compatible, s3Session),
                credentials,
                new Ticker(clock));
    }

    private HostScope told() {
        if (host == null) {
            throw new IllegalStateException("service() and region() are needed, or a host() that tells them");
        }
        return compatible ? HostScope.ofLabels(host) : HostScope.of(host);
    }
}
