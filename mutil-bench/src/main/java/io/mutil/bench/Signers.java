package io.mutil.bench;

import io.minio.Time;
import io.mutil.awssig.Credentials;
import io.mutil.awssig.Payload;
import io.mutil.awssig.SigV4;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
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
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/** The contestants of {@link SignSuite}. */
final class Signers {
    private static final String ACCESS_KEY = "AKIAIOSFODNN7EXAMPLE";
    private static final String SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
    private static final String REGION = "eu-central-1";
    private static final String HOST = "photos.s3.eu-central-1.amazonaws.com";
    private static final URI ADDRESS = URI.create("https://" + HOST + "/2024/05/17/a.jpg");
    private static final Duration HOUR = Duration.ofHours(1);

    private Signers() {}

    static Signer of(String who) {
        return switch (who) {
            case "mutil" -> new Mutil();
            case "awsSdk" -> new AwsSdk();
            case "minio" -> new Minio();
            default -> throw new IllegalArgumentException("who is mutil, awsSdk or minio, was " + who);
        };
    }

    private static final class Mutil implements Signer {
        private final SigV4 s3 = SigV4.s3(REGION, Credentials.of(ACCESS_KEY, SECRET));

        @Override
        public Object get() {
            return s3.sign("GET", ADDRESS).headers();
        }

        @Override
        public Object put(byte[] body) {
            return s3.sign("PUT", ADDRESS, Map.of(), Payload.of(body)).headers();
        }

        @Override
        public Object presign() {
            return s3.presign("GET", ADDRESS, HOUR);
        }
    }

    private static final class AwsSdk implements Signer {
        private final AwsV4HttpSigner signer = AwsV4HttpSigner.create();
        private final AwsCredentialsIdentity identity = AwsCredentialsIdentity.create(ACCESS_KEY, SECRET);

        @Override
        public Object get() {
            return signer.sign(s3(SdkHttpMethod.GET).build()).request();
        }

        @Override
        public Object put(byte[] body) {
            return signer.sign(s3(SdkHttpMethod.PUT)
                            .payload(() -> new ByteArrayInputStream(body))
                            .build())
                    .request();
        }

        @Override
        public Object presign() {
            return signer.sign(s3(SdkHttpMethod.GET)
                            .putProperty(
                                    AwsV4FamilyHttpSigner.AUTH_LOCATION,
                                    AwsV4FamilyHttpSigner.AuthLocation.QUERY_STRING)
                            .putProperty(AwsV4FamilyHttpSigner.EXPIRATION_DURATION, HOUR)
                            .putProperty(AwsV4FamilyHttpSigner.PAYLOAD_SIGNING_ENABLED, false)
                            .build())
                    .request()
                    .getUri();
        }

        /** With the settings that the SDK's own S3 client uses. */
        private SignRequest.Builder<AwsCredentialsIdentity> s3(SdkHttpMethod method) {
            SdkHttpRequest request =
                    SdkHttpRequest.builder().method(method).uri(ADDRESS).build();
            return SignRequest.builder(identity)
                    .request(request)
                    .putProperty(AwsV4FamilyHttpSigner.SERVICE_SIGNING_NAME, "s3")
                    .putProperty(AwsV4HttpSigner.REGION_NAME, REGION)
                    .putProperty(AwsV4FamilyHttpSigner.DOUBLE_URL_ENCODE, false)
                    .putProperty(AwsV4FamilyHttpSigner.NORMALIZE_PATH, false);
        }
    }

    private static final class Minio implements Signer {
        private static final String EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        private final HttpUrl address = HttpUrl.get(ADDRESS.toString());

        @Override
        public Object get() {
            return signed(request(EMPTY).get().build(), EMPTY);
        }

        @Override
        public Object put(byte[] body) {
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

        private static String now() {
            return ZonedDateTime.now(Time.UTC).format(Time.AMZ_DATE_FORMAT);
        }

        private static Object signed(Request request, String hash) {
            try {
                return io.minio.Signer.signV4S3(request, REGION, ACCESS_KEY, SECRET, hash)
                        .headers();
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public Object presign() {
            try {
                Request request = new Request.Builder()
                        .url(address)
                        .header("Host", HOST)
                        .header("x-amz-date", now())
                        .build();
                return io.minio.Signer.presignV4(request, REGION, ACCESS_KEY, SECRET, (int) HOUR.toSeconds());
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
