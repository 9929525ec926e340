package io.mutil.awssig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mutil.awssig.Verification.Accepted;
import io.mutil.testkit.Mutations;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** Bodies as they arrive, and a verifier for them. */
abstract class VerifiedBodyFixture {
    static final Credentials WHO = Credentials.of("AKID", "wJalr");
    static final URI OBJECT = URI.create("https://bucket.example.com/key");
    static final int CHUNK = 8 << 10;

    final SettableClock clock = new SettableClock("2030-01-01T00:00:00Z");
    final Verifier verifier = Verifier.builder("s3", "eu-central-1", key -> Optional.of(WHO))
            .clock(clock)
            .maxChunkBytes(CHUNK)
            .build();
    final SigV4 signer =
            SigV4.builder(WHO).service("s3").region("eu-central-1").clock(clock).build();

    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Sent(Map<String, List<String>> headers, byte[] raw) {
        Sent with(String name, String value) {
            Map<String, List<String>> changed = new LinkedHashMap<>(headers);
            changed.put(name, List.of(value));
            return new Sent(changed, raw);
        }
    }

    Sent sent(byte[] body, Payload payload) {
        Signed signed = signer.sign(Request.of("PUT", OBJECT).payload(payload));
        Map<String, List<String>> headers = new LinkedHashMap<>();
        headers.put("host", List.of("bucket.example.com"));
        signed.headers().forEach((name, value) -> headers.put(name, List.of(value)));
        if (!(payload instanceof ChunkedPayload)) {
            return new Sent(headers, body);
        }
        try (InputStream encoded = signed.body(new ByteArrayInputStream(body))) {
            return new Sent(headers, encoded.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Accepted accepted(Map<String, List<String>> headers) {
        return (Accepted) verifier.verify("PUT", "/key", headers);
    }

    byte[] read(Sent sent) throws IOException {
        try (InputStream body = accepted(sent.headers()).body(new ByteArrayInputStream(sent.raw()))) {
            return body.readAllBytes();
        }
    }

    void assertRefused(Sent sent, String part) {
        assertThatThrownBy(() -> read(sent))
                .isInstanceOf(BodyRefusedException.class)
                .hasMessageContaining(part)
                .hasMessageNotContaining("wJalr");
        assertThat(verifier.verify("PUT", "/key", sent.headers(), sent.raw()))
                .isInstanceOfSatisfying(Verification.Refused.class, refused -> {
                    assertThat(refused.reason()).isEqualTo(Verification.Reason.BODY);
                    assertThat(refused.message()).contains(part);
                });
    }

    static byte[] bytes(int length) {
        return Mutations.random(length, new Random(length));
    }

    static InputStream inPortions(InputStream in, Random random) {
        return new FilterInputStream(in) {
            @Override
            public int read(byte[] target, int offset, int count) throws IOException {
                return super.read(target, offset, Math.min(count, 1 + random.nextInt(CHUNK)));
            }
        };
    }

    /** Reads a body in portions of one length, which come in portions of any. */
    byte[] readInPortions(Sent sent, long seed) throws IOException {
        var random = new Random(seed);
        var out = new ByteArrayOutputStream();
        try (InputStream body =
                accepted(sent.headers()).body(inPortions(new ByteArrayInputStream(sent.raw()), random))) {
            byte[] buffer = new byte[CHUNK];
            int some = 1 + random.nextInt(CHUNK);
            for (int read = body.read(buffer, 0, some); read >= 0; read = body.read(buffer, 0, some)) {
                out.write(buffer, 0, read);
            }
        }
        return out.toByteArray();
    }

    /** What came, and then a failure each time, as of a peer that does not go on. */
    static InputStream cutAfter(byte[] raw, int length) {
        return new SequenceInputStream(new ByteArrayInputStream(raw, 0, length), new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("the line is cut");
            }

            @Override
            public int read(byte[] target, int offset, int count) throws IOException {
                throw new IOException("the line is cut");
            }
        });
    }
}
