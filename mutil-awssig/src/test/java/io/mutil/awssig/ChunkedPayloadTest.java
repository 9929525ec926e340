package io.mutil.awssig;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChunkedPayloadTest {
    private static final int CHUNK = 8 << 10;
    private static final URI OBJECT = URI.create("https://s3.us-east-1.amazonaws.com/bucket/object");

    private final SigV4 s3 = SigV4.builder(Credentials.of("AKID", "secret"))
            .service("s3")
            .region("us-east-1")
            .clock(new SettableClock("2024-02-29T23:59:59Z"))
            .build();

    private Signed sign(Payload payload) {
        return s3.sign("PUT", OBJECT, Map.of(), payload);
    }

    private static ChunkedPayload payload(int length, @Nullable Checksum checksum, boolean signed) {
        ChunkedPayload payload = Payload.chunked(length).chunkSize(CHUNK);
        if (checksum == null) {
            return payload;
        }
        return signed ? payload.trailer(checksum) : payload.unsigned(checksum);
    }

    @Property(tries = 100)
    void lengthIsKnownBeforeAndDataComesThrough(
            @ForAll @IntRange(max = 3 * CHUNK) int length,
            @ForAll Checksum checksum,
            @ForAll boolean signed,
            @ForAll Random random)
            throws IOException {
        byte[] data = new byte[length];
        random.nextBytes(data);
        ChunkedPayload payload = payload(length, checksum, signed);

        byte[] sent = read(sign(payload).body(new ByteArrayInputStream(data)), random);

        assertThat(sent).hasSize(Math.toIntExact(payload.encodedLength()));
        assertThat(decoded(sent)).isEqualTo(data);
    }

    /** Reads in pieces of any size. */
    private static byte[] read(InputStream in, Random random) throws IOException {
        var out = new ByteArrayOutputStream();
        byte[] piece = new byte[5000];
        int read = 0;
        while (read >= 0) {
            out.write(piece, 0, read);
            read = in.read(piece, 0, random.nextInt(piece.length));
        }
        return out.toByteArray();
    }

    private static byte[] decoded(byte[] sent) {
        String text = new String(sent, ISO_8859_1);
        var out = new ByteArrayOutputStream();
        int at = 0;
        while (true) {
            int line = text.indexOf("\r\n", at);
            int size = Integer.parseInt(text.substring(at, line).replaceFirst(";.*", ""), 16);
            if (size == 0) {
                return out.toByteArray();
            }
            out.write(sent, line + 2, size);
            at = line + 2 + size + 2;
        }
    }

    @ParameterizedTest
    @CsvSource({
        "CRC32, x-amz-checksum-crc32:y/Q5Jg==", // the check values of these checksums, of "123456789"
        "CRC32C, x-amz-checksum-crc32c:4waSgw==",
        "CRC64NVME, x-amz-checksum-crc64nvme:rosUhgp5mIg=",
        "SHA1, x-amz-checksum-sha1:98O8HYCOBHMq32eZZczDTKeuNEE=",
        "SHA256, x-amz-checksum-sha256:FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU="
    })
    void unsignedBodyEndsWithItsChecksum(Checksum checksum, String line) throws IOException {
        ChunkedPayload payload = Payload.chunked(9).unsigned(checksum);

        Signed signed = sign(payload);

        assertThat(signed.headers())
                .containsEntry("x-amz-content-sha256", "STREAMING-UNSIGNED-PAYLOAD-TRAILER")
                .containsEntry("x-amz-trailer", checksum.header())
                .containsEntry("x-amz-decoded-content-length", "9")
                .containsEntry("content-encoding", "aws-chunked");
        assertThat(text(signed.body(new ByteArrayInputStream("123456789".getBytes(ISO_8859_1)))))
                .isEqualTo("9\r\n123456789\r\n0\r\n" + line + "\r\n\r\n");
    }

    private static String text(InputStream in) throws IOException {
        return new String(in.readAllBytes(), ISO_8859_1);
    }

    @Example
    void emptyBodyIsTheLastChunkAlone() throws IOException {
        ChunkedPayload payload = Payload.chunked(0);

        String sent = text(sign(payload).body(InputStream.nullInputStream()));

        assertThat(sent).matches("0;chunk-signature=[0-9a-f]{64}\r\n\r\n").hasSize((int) payload.encodedLength());
    }

    @Example
    void encodingOfTheCallerStaysBehindOurs() {
        Request request = Request.of("PUT", OBJECT)
                .header("Content-Encoding", "gzip")
                .header("x-amz-decoded-content-length", "7")
                .payload(Payload.chunked(1));

        Signed signed = s3.sign(request);

        assertThat(signed.headers()).containsEntry("content-encoding", "aws-chunked,gzip");
        assertThat(signed.explain().canonicalRequest())
                .contains("\ncontent-encoding:aws-chunked,gzip\n", "\nx-amz-decoded-content-length:1\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "aws-chunked|aws-chunked",
                "gzip|aws-chunked,gzip",
                "gzip, aws-chunked,br|aws-chunked,gzip,br",
                "AWS-Chunked , gzip|aws-chunked,gzip",
                "aws-chunked,aws-chunked|aws-chunked"
            })
    void chunksAreNamedOnceAmongEncodings(String given, String sent) {
        Request request =
                Request.of("PUT", OBJECT).header("Content-Encoding", given).payload(Payload.chunked(1));

        assertThat(s3.sign(request).headers()).containsEntry("content-encoding", sent);
    }

    @Example
    void encodingsInSeveralHeadersAreJoined() {
        Request request = Request.of("PUT", OBJECT)
                .header("Content-Encoding", "gzip")
                .header("content-encoding", "aws-chunked")
                .header("Content-Encoding", "br")
                .payload(Payload.chunked(1));

        assertThat(s3.sign(request).headers()).containsEntry("content-encoding", "aws-chunked,gzip,br");
    }

    @Example
    void trailerOfTheCallerIsSignedWhereNoneIsAdded() {
        Request request = Request.of("PUT", OBJECT)
                .header("x-amz-trailer", "x-amz-meta-a")
                .payload(Payload.chunked(1));

        Signed signed = s3.sign(request);

        assertThat(signed.headers()).doesNotContainKey("x-amz-trailer");
        assertThat(signed.explain().canonicalRequest()).contains("\nx-amz-trailer:x-amz-meta-a\n");
    }

    @Example
    void anEarlierSignatureIsReplaced() {
        Request request = Request.of("PUT", OBJECT)
                .header("content-encoding", "gzip")
                .payload(Payload.chunked(1).trailer(Checksum.CRC32));
        Signed first = s3.sign(request);

        Signed second = s3.sign(Request.of("PUT", OBJECT)
                .headers(first.headers())
                .payload(Payload.chunked(1).trailer(Checksum.CRC32)));

        assertThat(second.headers()).isEqualTo(first.headers());
    }

    @Example
    void bodyCanBeEncodedAgainForAnotherAttempt() throws IOException {
        Signed signed = sign(Payload.chunked(5));

        String first = text(signed.body(new ByteArrayInputStream(new byte[5])));

        assertThat(text(signed.body(new ByteArrayInputStream(new byte[5])))).isEqualTo(first);
    }

    @Example
    void bodyIsReadByteByByteToo() throws IOException {
        Signed signed = sign(Payload.chunked(300));
        byte[] data = new byte[300];
        Arrays.fill(data, (byte) 0xFF);
        InputStream in = signed.body(new ByteArrayInputStream(data));
        var out = new ByteArrayOutputStream();

        for (int b = in.read(); b >= 0; b = in.read()) {
            out.write(b);
        }

        assertThat(out.toByteArray())
                .isEqualTo(signed.body(new ByteArrayInputStream(data)).readAllBytes());
        assertThat(in.read()).isEqualTo(-1);
    }

    @Example
    void nothingIsReadBeforeItIsAskedFor() throws IOException {
        var source = new ByteArrayInputStream(new byte[2 * CHUNK]);
        InputStream in = sign(payload(2 * CHUNK, null, true)).body(source);

        assertThat(source.available()).isEqualTo(2 * CHUNK);
        assertThat(in.read()).isEqualTo('2');
        assertThat(source.available()).isEqualTo(CHUNK);
    }

    @Example
    void bodyThatEndsEarlyIsAnError() {
        InputStream in = sign(Payload.chunked(10)).body(new ByteArrayInputStream(new byte[7]));

        assertThatThrownBy(in::readAllBytes)
                .isInstanceOf(EOFException.class)
                .hasMessageContaining("3 bytes before the announced 10");
    }

    @Example
    void bodyThatGoesOnIsAnError() {
        InputStream in = sign(Payload.chunked(10)).body(new ByteArrayInputStream(new byte[11]));

        assertThatThrownBy(in::readAllBytes)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("goes on after the announced 10 bytes");
    }

    @Example
    void closingClosesTheSource() throws IOException {
        boolean[] closed = {false};
        var source = new ByteArrayInputStream(new byte[1]) {
            @Override
            public void close() {
                closed[0] = true;
            }
        };

        sign(Payload.chunked(1)).body(source).close();

        assertThat(closed[0]).isTrue();
    }

    @Example
    void onlyBodiesInChunksAreEncoded() {
        Signed signed = sign(Payload.of("abc"));

        assertThatThrownBy(() -> signed.body(InputStream.nullInputStream()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Payload.chunked");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 8191, (1 << 30) + 1})
    void chunkSizeThatS3RefusesIsRefused(int bytes) {
        assertThatThrownBy(() -> Payload.chunked(1).chunkSize(bytes))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("chunkSize must be from 8 KiB to 1 GiB, was " + bytes);
    }

    @Example
    void negativeLengthIsRefused() {
        assertThatThrownBy(() -> Payload.chunked(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("length must not be negative, was -1");
    }

    @Example
    void lengthBeyondAnIntIsCounted() {
        assertThat(Payload.chunked(5L << 30).encodedLength()).isEqualTo((5L << 30) + (5L << 14) * 90 + 86);
    }
}
