package io.mutil.awssig;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a request says about its signature, read strictly and not yet believed.
 *
 * @param date the day of the scope
 * @param expires for links; null for headers
 * @param payload what is said about the body; null if nothing is
 */
record Claim(
        String accessKey,
        String date,
        String region,
        String service,
        List<String> signedHeaders,
        String signature,
        Stamp time,
        @Nullable Duration expires,
        @Nullable String token,
        @Nullable String payload) {
    private static final int SCOPE_PARTS = 4;
    private static final String TERMINATOR = "aws4_request";
    private static final int SIGNATURE_LENGTH = 64;

    static Claim of(Incoming request) throws Refusal {
        List<Incoming.Parameter> parameters = request.amzParameters();
        boolean byQuery = parameters.stream().anyMatch(parameter -> QueryClaim.isOfSignature(parameter.name()));
        boolean byHeader = !request.values("authorization").isEmpty();
        if (byHeader && byQuery) {
            throw new Refusal(
                    Verification.Reason.DUPLICATE,
                    "there is an Authorization header and a signature in the query; send one of them");
        }
        if (!byHeader && !byQuery) {
            throw new Refusal(
                    Verification.Reason.NOT_SIGNED,
                    "there is neither an Authorization header nor X-Amz-Signature in the query; sign the request");
        }
        return byHeader ? HeaderClaim.read(request) : new QueryClaim(parameters).read(request);
    }

    /**
     * Puts together what both forms have.
     *
     * @param credential access key and scope, of which the key may hold slashes
     */
    static Claim of(
            String credential,
            String signedHeaders,
            String signature,
            Stamp time,
            @Nullable Duration expires,
            @Nullable String token,
            @Nullable String payload)
            throws Refusal {
        List<String> parts = Arrays.asList(credential.split("/", -1));
        int scope = parts.size() - SCOPE_PARTS;
        boolean readable = credential.chars().allMatch(c -> c > ' ' && c < 0x7F) && !parts.contains("");
        if (!readable || scope < 1 || !parts.get(scope + 3).equals(TERMINATOR)) {
            throw Refusal.malformed("Credential must be ACCESSKEY/yyyyMMdd/region/service/aws4_request");
        }
        return new Claim(
                String.join("/", parts.subList(0, scope)),
                parts.get(scope),
                parts.get(scope + 1),
                parts.get(scope + 2),
                headers(signedHeaders),
                checkedSignature(signature),
                time,
                expires,
                token,
                payload);
    }

    private static List<String> headers(String joined) throws Refusal {
        List<String> names = List.of(joined.split(";", -1));
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            boolean ascending = i == 0 || names.get(i - 1).compareTo(name) < 0;
            if (!Text.isToken(name) || !name.equals(name.toLowerCase(Locale.ROOT)) || !ascending) {
                throw Refusal.malformed(
                        "SignedHeaders must be names in lower case, sorted, each once, with semicolons between them");
            }
        }
        return names;
    }

    private static String checkedSignature(String signature) throws Refusal {
        boolean hex = signature.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
        if (!hex || signature.length() != SIGNATURE_LENGTH) {
            throw Refusal.malformed("Signature must be 64 hexadecimal digits in lower case");
        }
        return signature;
    }

    /** Reads a time as signatures write it. */
    static Stamp time(String what, String text) throws Refusal {
        try {
            Stamp stamp = Stamp.parse(text);
            if (stamp.time().equals(text)) {
                return stamp;
            }
        } catch (DateTimeException e) {
            // told below, as for the 30th of February
        }
        throw Refusal.malformed(what + " must be a time as 20150830T123600Z, in UTC");
    }

    /** Reads a {@code Date} header. */
    static Stamp dateHeader(String text) throws Refusal {
        try {
            Instant time = Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text));
            return Stamp.ofEpochSecond(time.getEpochSecond());
        } catch (DateTimeException e) {
            return time("x-amz-date or Date", text);
        }
    }

    /** The token of a session, which has another place where the session is one of S3 Express. */
    static @Nullable String token(@Nullable String usual, @Nullable String ofS3Express) throws Refusal {
        if (usual != null && ofS3Express != null) {
            throw Refusal.duplicate("the token of a session");
        }
        return usual != null ? usual : ofS3Express;
    }

    String scope() {
        return date + '/' + region + '/' + service + '/' + TERMINATOR;
    }
}
