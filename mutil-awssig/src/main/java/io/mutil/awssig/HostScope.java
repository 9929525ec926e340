package io.mutil.awssig;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What the name of a host tells about service and region; null where it would be a guess. */
record HostScope(@Nullable String service, @Nullable String region) {
    private static final HostScope NOTHING = new HostScope(null, null);
    private static final String S3 = "s3";
    private static final String AUTO = "auto";
    private static final String US_EAST_1 = "us-east-1";
    private static final String GLOBAL_SUFFIX = ".amazonaws.com";
    private static final List<String> AWS = List.of(GLOBAL_SUFFIX, ".amazonaws.com.cn", ".api.aws", ".on.aws");
    /** Stores whose hosts are {@code s3.REGION.SUFFIX}, with a bucket before it or not. */
    private static final List<String> STORES = List.of(".backblazeb2.com", ".wasabisys.com", ".scw.cloud");

    private static final List<String> GLOBAL = List.of("cloudfront", "iam", "organizations", "route53", "sts");

    static HostScope of(String host) {
        String name = withoutPort(host).toLowerCase(Locale.ROOT);
        HostScope told = told(name);
        return told == null ? NOTHING : told;
    }

    private static @Nullable HostScope told(String name) {
        for (String suffix : AWS) {
            if (name.endsWith(suffix)) {
                HostScope told = ofAws(labels(name, suffix));
                return told == null && suffix.equals(GLOBAL_SUFFIX) ? ofGlobal(labels(name, suffix)) : told;
            }
        }
        for (String suffix : STORES) {
            if (name.endsWith(suffix)) {
                return ofStore(labels(name, suffix), suffix);
            }
        }
        if (name.endsWith(".r2.cloudflarestorage.com") || ("." + name).endsWith(".storage.googleapis.com")) {
            return new HostScope(S3, AUTO);
        }
        if (name.endsWith(".digitaloceanspaces.com")) {
            String region = last(labels(name, ".digitaloceanspaces.com"));
            boolean isCache = !region.matches("[a-z]{3}[0-9]");
            return isCache ? null : new HostScope(S3, region);
        }
        return ofAnyStore(labels(name, ""));
    }

    private static List<String> labels(String name, String suffix) {
        return Arrays.asList(name.substring(0, name.length() - suffix.length()).split("\\.", -1));
    }

    private static String withoutPort(String host) {
        int colon = host.lastIndexOf(':');
        return colon < 0 || host.endsWith("]") ? host : host.substring(0, colon);
    }

    private static String last(List<String> labels) {
        return labels.get(labels.size() - 1);
    }

    private static @Nullable HostScope ofAws(List<String> labels) {
        int count = labels.size();
        String last = last(labels);
        if (isRegion(last)) {
            return scope(AwsServices.beforeRegion(withoutDualstack(labels.subList(0, count - 1))), last);
        }
        String region = count > 1 ? labels.get(count - 2) : "";
        if (!isRegion(region)) {
            return null;
        }
        return last.equals("vpce")
                ? ofPrivateLink(labels.subList(0, count - 2), region)
                : scope(AwsServices.afterRegion(last), region);
    }

    private static List<String> withoutDualstack(List<String> labels) {
        boolean dualstack = labels.size() > 1 && last(labels).equals("dualstack");
        return dualstack ? labels.subList(0, labels.size() - 1) : labels;
    }

    private static @Nullable HostScope scope(@Nullable String service, String region) {
        return service == null ? null : new HostScope(service, region);
    }

    /** What follows the label of the endpoint; before it are buckets. */
    private static @Nullable HostScope ofPrivateLink(List<String> labels, String region) {
        for (int i = labels.size() - 1; i >= 0; i--) {
            if (labels.get(i).startsWith("vpce-")) {
                return scope(AwsServices.beforeRegion(labels.subList(i + 1, labels.size())), region);
            }
        }
        return null;
    }

    /** Hosts without a region, or with an older form of it; only outside of China. */
    private static @Nullable HostScope ofGlobal(List<String> labels) {
        String last = last(withoutDualstack(labels));
        if (last.equals(S3) || last.equals("s3-accelerate")) { // a bucket may be in any region
            return new HostScope(S3, null);
        }
        if (last.startsWith("s3-") && isRegion(last.substring(3))) {
            return new HostScope(S3, last.substring(3));
        }
        return labels.size() == 1 && GLOBAL.contains(last) ? new HostScope(last, US_EAST_1) : null;
    }

    private static @Nullable HostScope ofStore(List<String> labels, String suffix) {
        int at = labels.lastIndexOf(S3);
        if (at >= 0 && at == labels.size() - 2 && !last(labels).isEmpty()) {
            return new HostScope(S3, last(labels));
        }
        return last(labels).equals(S3) && suffix.equals(".wasabisys.com") ? new HostScope(S3, US_EAST_1) : null;
    }

    /** {@code s3.REGION.COMPANY}, where the region has the form that AWS gives them. */
    private static @Nullable HostScope ofAnyStore(List<String> labels) {
        int at = labels.lastIndexOf(S3);
        if (at < 0 || at + 2 >= labels.size() || !isRegion(labels.get(at + 1))) {
            return null;
        }
        return new HostScope(S3, labels.get(at + 1));
    }

    /** Whether it has the form of {@code eu-central-1}, {@code us-gov-west-1} or {@code us-west-001}. */
    private static boolean isRegion(String label) {
        String[] parts = label.split("-", -1);
        return parts.length >= 3
                && parts[0].length() == 2
                && parts[0].chars().allMatch(c -> c >= 'a' && c <= 'z')
                && !parts[parts.length - 1].isEmpty()
                && parts[parts.length - 1].chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /** As the Python library has it: the second label is the service, the third the region. */
    static HostScope ofLabels(String host) {
        String[] labels = host.split("\\.", -1);
        if (labels.length < 3) {
            throw new IllegalArgumentException(
                    "host needs at least three labels, as in bucket.s3.region.company, was \"" + host + "\"");
        }
        return new HostScope(labels[1], labels[2]);
    }
}
