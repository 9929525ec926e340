package io.mutil.bench.service;

import java.time.Clock;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
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
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(2)
public class SignSuite {
    private static final int BODY = 10 << 10;

    /** A GET without a body, a PUT of 10 KiB whose hash is signed, or a link to an object for an hour. */
    @Param({"get", "put", "link"})
    public String what = "";

    /** The contestant. */
    @Param({"mutil", "awsSdk", "minio"})
    public String who = "";

    private Supplier<String> signature = () -> "";

    /** For JMH. */
    public SignSuite() {}

    /** Makes the signer. */
    @Setup
    public void open() {
        Signer signer = Signers.of(who, Clock.systemUTC());
        byte[] body = new byte[BODY];
        Arrays.fill(body, (byte) 'a');
        signature = switch (what) {
            case "get" -> signer::get;
            case "put" -> () -> signer.put(body);
            case "link" -> signer::presign;
            default -> throw new IllegalArgumentException("what is get, put or link, was " + what);
        };
    }

    /** One request. */
    @Benchmark
    public String sign() {
        return signature.get();
    }
}
