package io.mutil.bench;

import static java.util.Objects.requireNonNull;

import java.time.Clock;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Requests to S3 signed by Signature Version 4, with a signing key that is at hand where the contestant keeps it. One operation
 * is a request, from method and address to the headers or the link; MinIO's signer wants its date and hash as headers,
 * which is part of it.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(2)
public class SignSuite {
    private static final int BODY = 10 << 10;

    /** The contestant. */
    @Param({"mutil", "awsSdk", "minio"})
    public String who = "";

    private final byte[] body = new byte[BODY];
    private @Nullable Signer signer;

    /** For JMH. */
    public SignSuite() {}

    /** Makes the signer. */
    @Setup
    public void open() {
        Arrays.fill(body, (byte) 'a');
        signer = Signers.of(who, Clock.systemUTC());
    }

    /** A GET without a body. */
    @Benchmark
    public String get() {
        return requireNonNull(signer).get();
    }

    /** A PUT of 10 KiB whose hash is signed. */
    @Benchmark
    public String put() {
        return requireNonNull(signer).put(body);
    }

    /** A link to an object for an hour. */
    @Benchmark
    public String presign() {
        return requireNonNull(signer).presign();
    }
}
