package io.mutil.awssig;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What a browser may upload to a bucket of S3 with an HTML form (POST), signed without the file being known.
 *
 * <pre>{@code
 * Map<String, String> fields = PostPolicy.forBucket("photos")
 *         .keyStartsWith("user/1/")
 *         .field("acl", "private")
 *         .startsWith("Content-Type", "image/")
 *         .contentLength(1, 10 << 20)
 *         .validFor(Duration.ofMinutes(10))
 *         .sign("eu-central-1", credentials);
 * }</pre>
 *
 * <p>The form sends these fields by {@code multipart/form-data} to the address of the bucket, after them whatever else the
 * policy speaks of, and the field {@code file} last. S3 refuses a form with a field that the policy does not speak of.
 *
 * <p>Single use, not thread-safe. Source: S3 API reference, "Browser-Based Uploads Using POST (AWS Signature Version 4)".
 */
public final class PostPolicy {
    private static final Duration MAX_VALIDITY = Duration.ofDays(7);
    private static final DateTimeFormatter EXPIRATION = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final String KEY = "key";

    private final String bucket;
    private final Map<String, String> fields = new LinkedHashMap<>();
    private final Map<String, String> prefixes = new LinkedHashMap<>();
    private long minLength = -1;
    private long maxLength;
    private Duration validity = Duration.ofHours(1);
    private Clock clock = Clock.systemUTC();

    private PostPolicy(String bucket) {
        this.bucket = bucket;
    }

    /** Begins a policy. It needs a {@link #key} or a {@link #keyStartsWith}. */
    public static PostPolicy forBucket(String bucket) {
        if (bucket.isEmpty()) {
            throw new IllegalArgumentException("bucket must have a name, was empty");
        }
        return new PostPolicy(bucket);
    }

    /** The object that is written. */
    public PostPolicy key(String key) {
        return field(KEY, key);
    }

    /** Leaves the rest of the key to the form, which proposes the name of the file. */
    public PostPolicy keyStartsWith(String prefix) {
        startsWith(KEY, prefix);
        return this;
    }

    /**
     * A field with just this value, as {@code acl}, {@code success_action_redirect} or {@code x-amz-meta-...}. It is both
     * in the policy and among the fields of the form.
     */
    public PostPolicy field(String name, String value) {
        fields.put(unused(name), requireNonNull(value, "value"));
        return this;
    }

    /** A field that the form adds, whose value begins so; with an empty prefix anything goes. */
    public PostPolicy startsWith(String name, String prefix) {
        prefixes.put(unused(name), requireNonNull(prefix, "prefix"));
        return this;
    }

    private String unused(String name) {
        boolean ours =
                name.isEmpty() || name.equalsIgnoreCase("bucket") || name.equalsIgnoreCase("file") || Form.isOwn(name);
        if (ours) {
            throw new IllegalArgumentException(
                    "field must be one that the signature does not set itself, was \"" + name + "\"; leave it out");
        }
        if (fields.keySet().stream().anyMatch(name::equalsIgnoreCase)
                || prefixes.keySet().stream().anyMatch(name::equalsIgnoreCase)) {
            throw new IllegalArgumentException("field " + name + " must have one condition, was given a second");
        }
        return name;
    }

    /** How long the file may be, both included. Default: S3's own limit. */
    public PostPolicy contentLength(long min, long max) {
        if (min < 0 || max < min) {
            throw new IllegalArgumentException(
                    "contentLength must be from 0 on and not end before it begins, was " + min + " to " + max);
        }
        minLength = min;
        maxLength = max;
        return this;
    }

    /** How long the form may be used. Default one hour; up to 7 days, or the end of the session if that is sooner. */
    public PostPolicy validFor(Duration validity) {
        if (validity.compareTo(Duration.ofSeconds(1)) < 0 || validity.compareTo(MAX_VALIDITY) > 0) {
            throw new IllegalArgumentException("validFor must be from 1 second to 7 days, was " + validity);
        }
        this.validity = validity;
        return this;
    }

    /** Tells the time. Default the system's. */
    public PostPolicy clock(Clock clock) {
        this.clock = requireNonNull(clock, "clock");
        return this;
    }

    /**
     * Signs it.
     *
     * @param region of the bucket
     * @return the fields of the form, in order
     * @throws IllegalStateException if it has no key
     */
    public Map<String, String> sign(String region, Supplier<? extends Credentials> credentials) {
        return sign(region, credentials.get());
    }

    /** Signs it; otherwise as {@link #sign(String, java.util.function.Supplier)}. */
    public Map<String, String> sign(String region, Credentials credentials) {
        if (!fields.containsKey(KEY) && !prefixes.containsKey(KEY)) {
            throw new IllegalStateException("a policy needs key() or keyStartsWith(), has neither");
        }
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        var form = new Form(region, credentials, now);
        Map<String, String> result = new LinkedHashMap<>(fields);
        if (prefixes.containsKey(KEY)) {
            result.put(KEY, prefixes.get(KEY) + "${filename}");
        }
        form.addTo(result, json(form.fields(), now.plus(validity)));
        return Collections.unmodifiableMap(result);
    }

    private String json(Map<String, String> signing, Instant expiration) {
        List<String> conditions = new ArrayList<>();
        conditions.add(exactly("bucket", bucket));
        fields.forEach((name, value) -> conditions.add(exactly(name, value)));
        prefixes.forEach((name, prefix) -> conditions.add(list("starts-with", "$" + name, prefix)));
        if (minLength >= 0) {
            conditions.add("[\"content-length-range\"," + minLength + "," + maxLength + "]");
        }
        signing.forEach((name, value) -> conditions.add(exactly(name, value)));
        return "{\"expiration\":\"" + EXPIRATION.format(expiration) + "\",\"conditions\":["
                + String.join(",", conditions) + "]}";
    }

    private static String exactly(String name, String value) {
        var json = new StringBuilder("{");
        Json.quote(name, json);
        json.append(':');
        Json.quote(value, json);
        return json.append('}').toString();
    }

    private static String list(String... texts) {
        var json = new StringBuilder("[");
        for (String text : texts) {
            json.append(json.length() == 1 ? "" : ",");
            Json.quote(text, json);
        }
        return json.append(']').toString();
    }

    /**
     * The signature of a policy that is in its final form, in hex.
     *
     * @param base64 of its JSON
     */
    static String signature(String base64, DayKey key) {
        return key.sign(new Text(base64.length()).add(base64));
    }

    /** What the signature adds to a form. */
    private static final class Form {
        private static final String POLICY = "policy";
        private static final String SIGNATURE = "x-amz-signature";
        private static final List<String> NAMES =
                List.of("x-amz-algorithm", "x-amz-credential", HeaderForm.DATE, HeaderForm.TOKEN, POLICY, SIGNATURE);

        private final DayKey key;
        private final Map<String, String> fields = new LinkedHashMap<>();

        Form(String region, Credentials credentials, Instant now) {
            Stamp time = Stamp.ofEpochSecond(now.getEpochSecond());
            key = DayKey.derive(credentials, time.date(), Scheme.checked("region", region), "s3");
            fields.put("x-amz-algorithm", CanonicalRequest.ALGORITHM);
            fields.put("x-amz-credential", key.credential());
            fields.put(HeaderForm.DATE, time.time());
            String token = credentials.sessionToken();
            if (token != null) {
                fields.put(HeaderForm.TOKEN, token);
            }
        }

        static boolean isOwn(String field) {
            return NAMES.stream().anyMatch(field::equalsIgnoreCase);
        }

        /** Those of which the policy speaks. */
        Map<String, String> fields() {
            return fields;
        }

        void addTo(Map<String, String> form, String json) {
            String base64 = Base64.getEncoder().encodeToString(json.getBytes(UTF_8));
            form.putAll(fields);
            form.put(POLICY, base64);
            form.put(SIGNATURE, signature(base64, key));
        }
    }
}
