package io.mutil.awssig;

import static java.util.Objects.requireNonNull;

import java.net.URI;

/**
 * Where a store that speaks S3 is, and how its addresses are made. Immutable.
 *
 * <pre>{@code
 * S3Endpoint b2 = S3Endpoint.b2("us-west-001");
 * SigV4 s3 = SigV4.s3(b2.region(), credentials);
 * URI link = s3.presign("GET", b2.uri("photos", "2024/a b+c.jpg"), Duration.ofHours(1));
 * }</pre>
 */
public final class S3Endpoint {
    private final String scheme;
    private final String authority;
    private final String region;
    private final boolean pathStyle;

    private S3Endpoint(String scheme, String authority, String region, boolean pathStyle) {
        this.scheme = scheme;
        this.authority = authority;
        this.region = region;
        this.pathStyle = pathStyle;
    }

    /** Amazon S3. */
    public static S3Endpoint aws(String region) {
        String suffix = region.startsWith("cn-") ? ".amazonaws.com.cn" : ".amazonaws.com";
        return https("s3." + label(region) + suffix, region);
    }

    /** Backblaze B2. */
    public static S3Endpoint b2(String region) {
        return https("s3." + label(region) + ".backblazeb2.com", region);
    }

    /** Cloudflare R2, whose region is {@code auto}. */
    public static S3Endpoint r2(String accountId) {
        return https(label(accountId) + ".r2.cloudflarestorage.com", "auto").pathStyle();
    }

    /** Wasabi. */
    public static S3Endpoint wasabi(String region) {
        return https("s3." + label(region) + ".wasabisys.com", region);
    }

    /** A MinIO server with its default region {@code us-east-1}, by path. */
    public static S3Endpoint minio(URI base) {
        return of(base, "us-east-1").pathStyle();
    }

    /**
     * Another store, with the bucket as the first label of the host.
     *
     * @param base scheme, host and port, without a user
     */
    public static S3Endpoint of(URI base, String region) {
        String authority = base.getRawAuthority();
        if (authority != null && authority.indexOf('@') >= 0) { // which is not shown
            throw new IllegalArgumentException(
                    "base must be scheme, host and port alone, and had a user; give Credentials to the signer instead");
        }
        String path = base.getRawPath();
        if (base.getScheme() == null
                || authority == null
                || (path != null && path.length() > 1)
                || base.getRawQuery() != null
                || base.getRawFragment() != null) {
            throw new IllegalArgumentException(
                    "base must be scheme, host and port alone, was " + Request.shown(base.toString()));
        }
        return new S3Endpoint(base.getScheme(), authority, requireNonNull(region, "region"), false);
    }

    private static S3Endpoint https(String authority, String region) {
        return new S3Endpoint("https", authority, region, false);
    }

    private static String label(String name) {
        if (!name.matches("[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)*")) {
            throw new IllegalArgumentException(
                    "must be a name of letters, digits and hyphens, with dots between, was \"" + name + "\"");
        }
        return name;
    }

    /** With the bucket as the first segment of the path instead of the first label of the host. */
    public S3Endpoint pathStyle() {
        return new S3Endpoint(scheme, authority, region, true);
    }

    /** What the signer needs. */
    public String region() {
        return region;
    }

    /** The address of a bucket. */
    public URI uri(String bucket) {
        return uri(bucket, "");
    }

    /**
     * The address of an object. Each byte of the key is encoded but letters, digits, {@code - . _ ~} and slashes, which is the
     * form that S3 signs; empty segments stay, and so do dots.
     *
     * @param bucket one that is no plain host label, say with dots, goes into the path
     * @param key as it is, not encoded
     */
    public URI uri(String bucket, String key) {
        if (bucket.isEmpty() || bucket.indexOf('/') >= 0) {
            throw new IllegalArgumentException("bucket must be a name without slashes, was \"" + bucket + "\"");
        }
        var out = new Text(64 + key.length());
        out.add(scheme).add("://");
        if (pathStyle || !isHostLabel(bucket)) {
            out.add(authority).add('/').addEncodedPath(bucket);
        } else {
            out.add(bucket).add('.').add(authority);
        }
        return URI.create(out.add('/').addEncodedPath(key).ascii());
    }

    private static boolean isHostLabel(String bucket) {
        return bucket.chars().allMatch(c -> c == '-' || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'));
    }

    @Override
    public String toString() {
        return "S3Endpoint[" + scheme + "://" + authority + ", " + region + (pathStyle ? ", by path]" : "]");
    }
}
