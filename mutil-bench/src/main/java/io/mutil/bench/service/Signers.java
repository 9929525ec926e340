package io.mutil.bench.service;

import static java.util.Objects.requireNonNull;

import io.minio.Time;
import io.mutil.awssig.Credentials;
import io.mutil.awssig.Payload;
import io.mutil.awssig.SigV4;
import io.mutil.awssig.Signed;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.util.HexFormat;
import java.util.Map;
import okhttp3.HttpUrl;
import okhttp3.Request;
import okhttp3.RequestBody;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner.AuthLocation;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/** The contestants of {@link SignSuite}. */
final class Signers {
    private static final String AUTHORIZATION = "Authorization";
    private static final String ACCESS_KEY = "AKIAIOSFODNN7EXAMPLE";
    private static final String SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
    private static final String REGION = "eu-central-1";
    private static final String HOST = "photos.s3.eu-central-1.amazonaws.com";
    private static final URI ADDRESS = URI.create("https://" + HOST + "/2024/05/17/a.jpg");
    private static final Duration HOUR = Duration.ofHours(1);

    private Signers() {}

    static Signer of(String who, Clock clock) {
        return switch (who) {
            case "mutil" -> new Mutil(clock);
            case "awsSdk" -> new AwsSdk(clock);
            case "minio" -> new Minio(clock);
            default -> throw new IllegalArgumentException("who is mutil, awsSdk or minio, was " + who);
        };
    }

    private static final class Mutil implements Signer {
        private final SigV4 s3;

        Mutil(Clock clock) {
            s3 = SigV4.builder(Credentials.of(ACCESS_KEY, SECRET))
                    .service("s3")
                    .region(REGION)
                    .clock(clock)
                    .build();
        }

        @Override
        public String get() {
            return authorization(s3.sign("GET", ADDRESS));
        }

        @Override
        public String put(byte[] body) {
            return authorization(s3.sign("PUT", ADDRESS, Map.of(), Payload.of(body)));
        }

        private static String authorization(Signed signed) {
            return requireNonNull(signed.headers().get(AUTHORIZATION));
        }

        @Override
        public String presign() {
            return s3.presign("GET", ADDRESS, HOUR).toString();
        }
    }

    private static final class AwsSdk implements Signer {
        private final AwsV4HttpSigner signer = AwsV4HttpSigner.create();
        private final AwsCredentialsIdentity identity = AwsCredentialsIdentity.create(ACCESS_KEY, SECRET);
        private final Clock clock;

        AwsSdk(Clock clock) {
            this.clock = clock;
        }

        @Override
        public String get() {
            return authorization(s3(SdkHttpMethod.GET));
        }

        @Override
        public String put(byte[] body) {
            return authorization(s3(SdkHttpMethod.PUT).payload(() -> new ByteArrayInputStream(body)));
        }

        private String authorization(SignRequest.Builder<AwsCredentialsIdentity> request) {
            return signer.sign(request.build())
                    .request()
                    .firstMatchingHeader(AUTHORIZATION)
                    .orElseThrow();
        }

        @Override
        public String presign() {
            SignRequest<AwsCredentialsIdentity> request = s3(SdkHttpMethod.GET)
                    .putProperty(AwsV4FamilyHttpSigner.AUTH_LOCATION, AuthLocation.QUERY_STRING)
                    .putProperty(AwsV4FamilyHttpSigner.EXPIRATION_DURATION, HOUR)
                    .putProperty(AwsV4FamilyHttpSigner.PAYLOAD_SIGNING_ENABLED, false)
                    .build();
            return signer.sign(request).request().getUri().toString();
        }

        /** With the settings that the SDK's own S3 client uses. */
        private SignRequest.Builder<AwsCredentialsIdentity> s3(SdkHttpMethod method) {
            SdkHttpRequest request =
                    SdkHttpRequest.builder().method(method).uri(ADDRESS).build();
            return SignRequest.builder(identity)
                    .request(request)
                    .putProperty(HttpSigner.SIGNING_CLOCK, clock)
                    .putProperty(AwsV4FamilyHttpSigner.SERVICE_SIGNING_NAME, "s3")
                    .putProperty(AwsV4HttpSigner.REGION_NAME, REGION)
                    .putProperty(AwsV4FamilyHttpSigner.DOUBLE_URL_ENCODE, false)
                    .putProperty(AwsV4FamilyHttpSigner.NORMALIZE_PATH, false);
        }
    }

    private static final class Minio implements Signer {
        private static final String EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        private final HttpUrl address = HttpUrl.get(ADDRESS.toString());
        private final Clock clock;

        Minio(Clock clock) {
            this.clock = clock;
        }

        @Override
        public String get() {
            return signed(request(EMPTY).get().build(), EMPTY);
        }

        @Override
        public String put(byte[] body) {
            try {
                String hash = HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(body));
                return signed(request(hash).put(RequestBody.create(body)).build(), hash);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }

        private Request.Builder request(String hash) {
            return new Request.Builder()
                    .url(address)
                    .header("Host", HOST)
                    .header("x-amz-content-sha256", hash)
                    .header("x-amz-date", now());
        }

        private String now() {
            return ZonedDateTime.now(clock).withZoneSameInstant(Time.UTC).format(Time.AMZ_DATE_FORMAT);
        }

        private static String signed(Request request, String hash) {
            try {
                return requireNonNull(io.minio.Signer.signV4S3(request, REGION, ACCESS_KEY, SECRET, hash)
                        .headers()
                        .get(AUTHORIZATION));
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public String presign() {
            try {
                Request request = new Request.Builder()
                        .url(address)
                        .header("Host", HOST)
                        .header("x-amz-date", now())
                        .build();
                return io.minio.Signer.presignV4(request, REGION, ACCESS_KEY, SECRET, (int) HOUR.toSeconds())
                        .toString();
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
