package io.mutil.awssig;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The worked examples of the Amazon S3 documentation. */
class WorkedExamplesTest {
    private static final URI BUCKET = URI.create("https://examplebucket.s3.amazonaws.com/");
    private static final URI CHUNKED = URI.create("https://s3.amazonaws.com/examplebucket/chunkObject.txt");
    private static final Map<String, String> REDUCED = Map.of("x-amz-storage-class", "REDUCED_REDUNDANCY");
    private static final byte[] BODY = new byte[66_560];

    static {
        Arrays.fill(BODY, (byte) 'a');
    }

    private final SigV4 s3 = SigV4.builder(
                    Credentials.of("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"))
            .host(BUCKET.getHost())
            .region("us-east-1")
            .clock(Clock.fixed(Instant.parse("2013-05-24T00:00:00Z"), ZoneOffset.UTC))
            .build();

    @Test
    void getObject() {
        Signed signed = s3.sign("GET", BUCKET.resolve("test.txt"), Map.of("Range", "bytes=0-9"), Payload.empty());

        assertThat(signed.headers())
                .containsExactly(
                        Map.entry(
                                "Authorization",
                                "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, "
                                        + "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date, "
                                        + "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"),
                        Map.entry("x-amz-date", "20130524T000000Z"),
                        Map.entry("x-amz-content-sha256", Sha256.OF_NOTHING));
    }

    @Test
    void putObject() {
        Request put = Request.of("PUT", BUCKET.resolve("test%24file.text"))
                .header("Date", "Fri, 24 May 2013 00:00:00 GMT")
                .headers(REDUCED)
                .payload(Payload.of("Welcome to Amazon S3."));

        assertThat(s3.sign(put).signature())
                .isEqualTo("98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd");
    }

    @Test
    void getBucketLifecycle() {
        assertThat(s3.sign("GET", BUCKET.resolve("?lifecycle")).signature())
                .isEqualTo("fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543");
    }

    @Test
    void listObjects() {
        assertThat(s3.sign("GET", BUCKET.resolve("?max-keys=2&prefix=J")).signature())
                .isEqualTo("34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7");
    }

    @Test
    void link() {
        assertThat(s3.presign("GET", BUCKET.resolve("test.txt"), Duration.ofDays(1)))
                .isEqualTo(URI.create("https://examplebucket.s3.amazonaws.com/test.txt"
                        + "?X-Amz-Algorithm=AWS4-HMAC-SHA256"
                        + "&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request"
                        + "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400"
                        + "&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404"
                        + "&X-Amz-SignedHeaders=host"));
    }

    @Test
    void bodyInChunks() throws IOException {
        ChunkedPayload payload = Payload.chunked(BODY.length);
        Request put = Request.of("PUT", CHUNKED)
                .headers(REDUCED)
                .header("Content-Length", "66824")
                .payload(payload);

        Signed signed = s3.sign(put);

        assertThat(payload.encodedLength()).isEqualTo(66_824);
        assertThat(signed.signature()).isEqualTo("4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9");
        assertThat(sent(signed))
                .isEqualTo("10000;chunk-signature=ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648\r\n"
                        + "a".repeat(65_536)
                        + "\r\n400;chunk-signature=0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497\r\n"
                        + "a".repeat(1024)
                        + "\r\n0;chunk-signature=b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9\r\n"
                        + "\r\n")
                .hasSize(66_824);
    }

    /** Older editions of the page have another last signature, of a string that begins as that of a chunk does. */
    @Test
    void bodyInChunksWithTrailer() throws IOException {
        ChunkedPayload payload = Payload.chunked(BODY.length).trailer(Checksum.CRC32C);

        Signed signed = s3.sign("PUT", CHUNKED, REDUCED, payload);

        assertThat(payload.encodedLength()).isEqualTo(66_946);
        assertThat(signed.signature()).isEqualTo("106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e");
        assertThat(sent(signed))
                .isEqualTo("10000;chunk-signature=b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2\r\n"
                        + "a".repeat(65_536)
                        + "\r\n400;chunk-signature=1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7\r\n"
                        + "a".repeat(1024)
                        + "\r\n0;chunk-signature=2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992\r\n"
                        + "x-amz-checksum-crc32c:sOO8/Q==\r\n"
                        + "x-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n"
                        + "\r\n")
                .hasSize(66_946);
    }

    private static String sent(Signed signed) throws IOException {
        return new String(signed.body(new ByteArrayInputStream(BODY)).readAllBytes(), ISO_8859_1);
    }
}
