package io.mutil.awssig;

import static java.util.Objects.requireNonNull;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Choices for a {@link Verifier}. Single use, not thread-safe. */
public final class VerifierBuilder {
    private static final int SECRET_BYTES = 30;

    private final String service;
    private final String region;
    private final Function<? super String, Optional<Credentials>> keys;
    private Clock clock = Clock.systemUTC();
    private Duration skew = Duration.ofMinutes(15);
    private int maxChunkBytes = 16 << 20;
    private @Nullable PathRule pathRule;
    private boolean repeatedParameters;

    VerifierBuilder(String service, String region, Function<? super String, Optional<Credentials>> keys) {
        this.service = Scheme.checked("service", service);
        this.region = Scheme.checked("region", region);
        this.keys = requireNonNull(keys, "keys");
    }

    /** Tells the time. Default the system's. */
    public VerifierBuilder clock(Clock clock) {
        this.clock = requireNonNull(clock, "clock");
        return this;
    }

    /** How far the clocks of clients may differ. From 1 second to 1 day; default 15 minutes, as S3 has it. */
    public VerifierBuilder skew(Duration skew) {
        if (skew.compareTo(Duration.ofSeconds(1)) < 0 || skew.compareTo(Duration.ofDays(1)) > 0) {
            throw new IllegalArgumentException("skew must be from 1 second to 1 day, was " + skew);
        }
        this.skew = skew;
        return this;
    }

    /** The longest signed chunk of a body, which is held in memory. Default 16 MiB; a longer one is refused. */
    public VerifierBuilder maxChunkBytes(int bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException("maxChunkBytes must be positive, was " + bytes);
        }
        maxChunkBytes = bytes;
        return this;
    }

    /** How clients sign the path. Default as they do for this service. */
    public VerifierBuilder pathRule(PathRule pathRule) {
        this.pathRule = requireNonNull(pathRule, "pathRule");
        return this;
    }

    /**
     * Takes parameters of the query that come more than once, as in {@code ?tag=a&tag=b}; never those whose names begin with
     * {@code X-Amz-}. Their order is not signed: whoever sees the request can send it in another one, so the values of a name
     * have to be read as a set. Default: such requests are refused.
     */
    public VerifierBuilder repeatedParameters() {
        repeatedParameters = true;
        return this;
    }

    /** Makes the verifier. */
    public Verifier build() {
        PathRule path = pathRule != null ? pathRule : PathRule.of(service);
        byte[] nobodys = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(nobodys);
        var decoy = Credentials.of("nobody", Sha256.hex(nobodys));
        return new Verifier(
                new Verifier.Rules(service, region, path, skew, maxChunkBytes, repeatedParameters), keys, decoy, clock);
    }
}
