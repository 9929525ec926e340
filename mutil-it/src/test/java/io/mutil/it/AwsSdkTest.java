package io.mutil.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import io.mutil.awssig.Checksum;
import io.mutil.awssig.ChunkedPayload;
import io.mutil.awssig.Credentials;
import io.mutil.awssig.Payload;
import io.mutil.awssig.Request;
import io.mutil.awssig.SigV4;
import io.mutil.awssig.Signed;
import io.mutil.awssig.Verification;
import io.mutil.awssig.Verifier;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLDecoder;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.checksums.DefaultChecksumAlgorithm;
import software.amazon.awssdk.checksums.spi.ChecksumAlgorithm;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignRequest;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.AwsSessionCredentialsIdentity;

/**
 * Agrees with the signer of the AWS SDK for Java 2, byte for byte, on random requests; what it signs, our verifier accepts.
 */
class AwsSdkTest {
    private static final int REQUESTS = 10_000;
    private static final long SEED = 20_261_126;
    private static final List<String> REGIONS = List.of("us-east-1", "eu-central-1", "auto");
    private static final List<String> SERVICES = List.of("dynamodb", "execute-api", "sts", "es");

    private static final List<Credentials> KEYS = List.of(
            Credentials.of("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
            Credentials.of("ASIAEXAMPLE", "secret", "FwoGZXIvYXdzEBc//token+with=odd%20letters"));
    private static final List<AwsCredentialsIdentity> IDENTITIES = List.of(
            AwsCredentialsIdentity.create("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
            AwsSessionCredentialsIdentity.create("ASIAEXAMPLE", "secret", "FwoGZXIvYXdzEBc//token+with=odd%20letters"));

    private final AwsV4HttpSigner sdk = AwsV4HttpSigner.create();

    /** A request, and how it shall be signed. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Case(
            String service,
            String region,
            int who,
            Clock clock,
            String method,
            URI uri,
            List<Map.Entry<String, String>> headers,
            byte @Nullable [] body) {

        static Case random(RandomRequests random, String service, boolean dots, long second) {
            return new Case(
                    service,
                    random.oneOf(REGIONS),
                    random.oneIn(3) ? 1 : 0,
                    Clock.fixed(Instant.ofEpochSecond(second), ZoneOffset.UTC),
                    random.method(),
                    random.uri(dots),
                    random.headers(),
                    random.oneIn(2) ? random.body() : null);
        }

        /** @param hash whether the hash of the payload is sent, as the SDK does in headers */
        SigV4 signer(boolean hash) {
            return SigV4.builder(KEYS.get(who))
                    .service(service)
                    .region(region)
                    .clock(clock)
                    .contentSha256(hash)
                    .build();
        }

        Request request() {
            Request request = Request.of(method, uri).headers(headers);
            return body == null ? request : request.payload(Payload.of(body));
        }

        /** Whether a parameter or a header of AWS is there more than once. */
        boolean isAmbiguous() {
            String query = uri.getRawQuery();
            List<String> names = Stream.concat(
                            Arrays.stream(query == null ? new String[0] : query.split("&", -1))
                                    .filter(parameter -> !parameter.isEmpty())
                                    .map(parameter ->
                                            "?" + URLDecoder.decode(parameter.split("=", 2)[0], UTF_8)),
                            headers.stream()
                                    .map(header -> header.getKey().toLowerCase(Locale.ROOT))
                                    .filter(name -> name.startsWith("x-amz-")))
                    .toList();
            return names.stream().distinct().count() < names.size();
        }

        /** Whether the signature is that of another path too. */
        boolean isUnresolved() {
            String path = uri.getRawPath();
            return !service.equals("s3") && (path.contains("//") || (path + "/").matches(".*/\\.\\.?/.*"));
        }

        Verifier verifier() {
            return Verifier.builder(
                            service,
                            region,
                            key -> KEYS.stream()
                                    .filter(credentials ->
                                            credentials.accessKey().equals(key))
                                    .findFirst())
                    .clock(clock)
                    .build();
        }
    }

    private SignRequest.Builder<AwsCredentialsIdentity> sdkRequest(Case one) {
        URI uri = one.uri();
        SdkHttpRequest.Builder request = SdkHttpRequest.builder()
                .protocol(uri.getScheme())
                .host(uri.getHost())
                .port(uri.getPort() < 0 ? null : uri.getPort())
                .encodedPath(uri.getRawPath())
                .method(SdkHttpMethod.fromValue(one.method()));
        addQuery(request, uri.getRawQuery());
        one.headers().forEach(header -> request.appendHeader(header.getKey(), header.getValue()));
        byte[] body = one.body();
        return SignRequest.builder(IDENTITIES.get(one.who()))
                .request(request.build())
                .payload(body == null ? null : ContentStreamProvider.fromByteArrayUnsafe(body))
                .putProperty(AwsV4FamilyHttpSigner.SERVICE_SIGNING_NAME, one.service())
                .putProperty(AwsV4HttpSigner.REGION_NAME, one.region())
                .putProperty(
                        AwsV4FamilyHttpSigner.DOUBLE_URL_ENCODE, !one.service().equals("s3"))
                .putProperty(
                        AwsV4FamilyHttpSigner.NORMALIZE_PATH, !one.service().equals("s3"))
                .putProperty(HttpSigner.SIGNING_CLOCK, one.clock());
    }

    /** Not by the SDK's own reading of a URI, which loses what comes after a second = in a value. */
    private static void addQuery(SdkHttpRequest.Builder request, @Nullable String query) {
        for (String parameter : query == null || query.isEmpty() ? new String[0] : query.split("&", -1)) {
            int equals = parameter.indexOf('=');
            String name = equals < 0 ? parameter : parameter.substring(0, equals);
            String value = equals < 0 ? "" : parameter.substring(equals + 1);
            request.appendRawQueryParameter(URLDecoder.decode(name, UTF_8), URLDecoder.decode(value, UTF_8));
        }
    }

    private static Map<String, List<String>> added(SignedRequest signed) {
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.putAll(signed.request().headers());
        return headers;
    }

    private static String target(URI uri) {
        String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        return uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
    }

    /** What arrives: the request's own headers, and those of the signature. */
    private static Map<String, List<String>> arriving(Case one, Map<String, String> ofSignature) {
        Map<String, List<String>> headers = new TreeMap<>();
        headers.put("host", List.of(one.uri().getAuthority()));
        one.headers()
                .forEach(header -> headers.computeIfAbsent(
                                header.getKey().toLowerCase(Locale.ROOT), unused -> new ArrayList<>())
                        .add(header.getValue()));
        ofSignature.forEach((name, value) -> headers.put(name.toLowerCase(Locale.ROOT), List.of(value)));
        return headers;
    }

    private void assertSameHeaders(Case one) {
        Map<String, List<String>> theirs = added(sdk.sign(sdkRequest(one).build()));

        Map<String, String> ours = one.signer(true).sign(one.request()).headers();

        ours.forEach((name, value) ->
                assertThat(theirs.get(name)).as("%s of %s", name, one).containsExactly(value));
        byte[] body = one.body() == null ? new byte[0] : one.body();
        assertVerified(one, one.verifier().verify(one.method(), target(one.uri()), arriving(one, ours), body));
    }

    /** Our verifier refuses, whoever signed it, what the signature leaves open. */
    private static void assertVerified(Case one, Verification found) {
        if (!one.isAmbiguous() && !one.isUnresolved()) {
            assertThat(found).as("%s", one).isInstanceOf(Verification.Accepted.class);
            return;
        }
        assertThat(found)
                .as("%s", one)
                .isInstanceOfSatisfying(
                        Verification.Refused.class,
                        refused -> assertThat(refused.reason())
                                .isEqualTo(
                                        one.isUnresolved()
                                                ? Verification.Reason.MALFORMED
                                                : Verification.Reason.DUPLICATE));
    }

    @Test
    void signsRequestsToS3Alike() {
        var random = new RandomRequests(new Random(SEED));
        for (int i = 0; i < REQUESTS * 3 / 10; i++) {
            assertSameHeaders(Case.random(random, "s3", true, 1_700_000_000L + 86_399L * i));
        }
    }

    /**
     * Without paths that lead above the root: the SDK normalises by {@link URI#normalize}, which keeps such segments; ours drops
     * them, as RFC 3986 and the test suite of AWS do.
     */
    @Test
    void signsRequestsToOtherServicesAlike() {
        var random = new RandomRequests(new Random(SEED + 1));
        int signed = 0;
        for (int i = 0; signed < REQUESTS * 2 / 10; i++) {
            Case one = Case.random(random, random.oneOf(SERVICES), true, 1_700_000_000L + 86_399L * i);
            if (!leadsAboveRoot(one.uri().getRawPath())) {
                assertSameHeaders(one);
                signed++;
            }
        }
    }

    private static boolean leadsAboveRoot(String path) {
        int depth = 0;
        for (String segment : path.split("/", -1)) {
            depth += segment.equals("..") ? -1 : segment.isEmpty() || segment.equals(".") ? 0 : 1;
            if (depth < 0) {
                return true;
            }
        }
        return false;
    }

    @Test
    void makesTheSameLinks() {
        var random = new RandomRequests(new Random(SEED + 2));
        for (int i = 0; i < REQUESTS * 3 / 10; i++) {
            Case one = Case.random(random, "s3", true, 1_700_000_000L + 86_399L * i);
            assertSameLink(one, Duration.ofSeconds(1 + i % 604_800));
        }
    }

    private void assertSameLink(Case one, Duration expiry) {
        SignedRequest signed = sdk.sign(sdkRequest(one)
                .putProperty(AwsV4FamilyHttpSigner.AUTH_LOCATION, AwsV4FamilyHttpSigner.AuthLocation.QUERY_STRING)
                .putProperty(AwsV4FamilyHttpSigner.EXPIRATION_DURATION, expiry)
                .putProperty(AwsV4FamilyHttpSigner.PAYLOAD_SIGNING_ENABLED, false)
                .build());

        URI ours = one.signer(true).presign(Request.of(one.method(), one.uri()).headers(one.headers()), expiry);

        assertThat(parameters(ours.getRawQuery()))
                .as("%s", one)
                .isEqualTo(parameters(signed.request().encodedQueryParameters().orElseThrow()));
        assertVerified(one, one.verifier().verify(one.method(), target(ours), arriving(one, Map.of())));
    }

    @Test
    void makesTheSameLinksToOtherServices() {
        var random = new RandomRequests(new Random(SEED + 5));
        for (int i = 0; i < REQUESTS / 10; i++) {
            Case one = Case.random(random, random.oneOf(SERVICES), false, 1_700_000_000L + 86_399L * i);
            SignedRequest signed = sdk.sign(sdkRequest(one)
                    .putProperty(AwsV4FamilyHttpSigner.AUTH_LOCATION, AwsV4FamilyHttpSigner.AuthLocation.QUERY_STRING)
                    .putProperty(AwsV4FamilyHttpSigner.EXPIRATION_DURATION, Duration.ofHours(1))
                    .build());

            URI ours = one.signer(false).presign(one.request(), Duration.ofHours(1));

            assertThat(parameters(ours.getRawQuery()))
                    .as("%s", one)
                    .isEqualTo(
                            parameters(signed.request().encodedQueryParameters().orElseThrow()));
        }
    }

    /** As the SDK reads an address that a program gives it. */
    @Test
    void takesAPlusInAQueryForASpaceAlike() {
        URI uri = URI.create("https://example.com/a?b+c=d+e&f=%2B&g=%20");
        Clock clock = Clock.fixed(Instant.ofEpochSecond(1_700_000_000L), ZoneOffset.UTC);
        var one = new Case("s3", "auto", 0, clock, "GET", uri, List.of(), null);
        SdkHttpRequest request =
                SdkHttpRequest.builder().uri(uri).method(SdkHttpMethod.GET).build();

        SignedRequest signed = sdk.sign(sdkRequest(one).request(request).build());

        assertThat(one.signer(true).sign("GET", uri).headers().get("Authorization"))
                .isEqualTo(String.join("", added(signed).getOrDefault("Authorization", List.of())));
    }

    /** The SDK leaves the order of the query open. */
    private static List<String> parameters(String query) {
        return List.of(query.split("&", -1)).stream().sorted().toList();
    }

    @Test
    void leavesBodiesOutAlike() {
        var random = new RandomRequests(new Random(SEED + 4));
        for (int i = 0; i < REQUESTS / 10; i++) {
            Case one = Case.random(random, "s3", true, 1_700_000_000L + 86_399L * i);
            SignedRequest theirs = sdk.sign(sdkRequest(one)
                    .putProperty(AwsV4FamilyHttpSigner.PAYLOAD_SIGNING_ENABLED, false)
                    .build());

            Signed ours = one.signer(true)
                    .sign(Request.of(one.method(), one.uri())
                            .headers(one.headers())
                            .payload(Payload.unsigned()));

            assertThat(ours.headers()).as("%s", one).isEqualTo(only(added(theirs), ours.headers()));
        }
    }

    @Test
    void encodesBodiesInChunksAlike() throws IOException {
        var random = new RandomRequests(new Random(SEED + 3));
        for (int i = 0; i < REQUESTS / 10; i++) {
            Case one = Case.random(random, "s3", true, 1_700_000_000L + 86_399L * i);
            assertSameChunks(one, one.body() == null ? new byte[0] : one.body(), i % 4);
        }
    }

    private void assertSameChunks(Case one, byte[] body, int form) throws IOException {
        @Nullable
        ChecksumAlgorithm algorithm =
                form == 0 ? null : form == 1 ? DefaultChecksumAlgorithm.CRC32C : DefaultChecksumAlgorithm.SHA256;
        Case withBody =
                new Case(one.service(), one.region(), one.who(), one.clock(), "PUT", one.uri(), one.headers(), body);
        SignRequest.Builder<AwsCredentialsIdentity> theirRequest = sdkRequest(withBody)
                .putProperty(AwsV4FamilyHttpSigner.CHUNK_ENCODING_ENABLED, true)
                .putProperty(AwsV4FamilyHttpSigner.PAYLOAD_SIGNING_ENABLED, form != 3);
        if (algorithm != null) {
            theirRequest.putProperty(AwsV4FamilyHttpSigner.CHECKSUM_ALGORITHM, algorithm);
        }
        SignedRequest theirs = sdk.sign(theirRequest.build());

        ChunkedPayload payload = Payload.chunked(body.length).chunkSize(128 << 10);
        payload = switch (form) {
            case 0 -> payload;
            case 1 -> payload.trailer(Checksum.CRC32C);
            case 2 -> payload.trailer(Checksum.SHA256);
            default -> payload.unsigned(Checksum.SHA256);
        };
        // which the SDK signs too
        String length = Long.toString(payload.encodedLength());
        Signed ours = one.signer(true)
                .sign(Request.of("PUT", one.uri())
                        .headers(one.headers())
                        .header("Content-Length", length)
                        .payload(payload));

        assertThat(ours.headers()).as("%s", one).isEqualTo(only(added(theirs), ours.headers()));
        try (InputStream ourBody = ours.body(new ByteArrayInputStream(body));
                InputStream theirBody = theirs.payload().orElseThrow().newStream()) {
            assertThat(ourBody.readAllBytes()).as("%s", one).isEqualTo(theirBody.readAllBytes());
        }
    }

    private static Map<String, String> only(Map<String, List<String>> all, Map<String, String> names) {
        return names.keySet().stream()
                .collect(toMap(name -> name, name -> String.join("|", all.getOrDefault(name, List.of()))));
    }
}
