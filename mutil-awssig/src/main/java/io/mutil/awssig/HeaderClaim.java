package io.mutil.awssig;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A signature in the {@code Authorization} header. */
final class HeaderClaim {
    private static final String FORM =
            "Authorization must be " + CanonicalRequest.ALGORITHM + " Credential=..., SignedHeaders=..., Signature=...";

    private HeaderClaim() {}

    static Claim read(Incoming request) throws Refusal {
        String authorization = request.single("authorization");
        if (authorization == null || !authorization.startsWith(CanonicalRequest.ALGORITHM + " ")) {
            throw Refusal.malformed(FORM);
        }
        Map<String, String> parts = parts(authorization.substring(CanonicalRequest.ALGORITHM.length()));
        return Claim.of(
                part(parts, "Credential"),
                part(parts, "SignedHeaders"),
                part(parts, "Signature"),
                time(request),
                null,
                Claim.token(request.single(HeaderForm.TOKEN), request.single(HeaderForm.S3_SESSION_TOKEN)),
                request.single(HeaderForm.CONTENT_SHA256));
    }

    private static Map<String, String> parts(String text) throws Refusal {
        Map<String, String> parts = new HashMap<>();
        for (String part : text.split(",", -1)) {
            int equals = part.indexOf('=');
            if (equals < 0) {
                throw Refusal.malformed(FORM);
            }
            String name = part.substring(0, equals).strip();
            if (parts.put(name, part.substring(equals + 1).strip()) != null) {
                throw new Refusal(
                        Verification.Reason.DUPLICATE, "Authorization has a part more than once; send each once");
            }
        }
        if (parts.size() != 3) {
            throw Refusal.malformed(FORM);
        }
        return parts;
    }

    private static String part(Map<String, String> parts, String name) throws Refusal {
        String part = parts.get(name);
        if (part == null) {
            throw Refusal.malformed(FORM);
        }
        return part;
    }

    private static Stamp time(Incoming request) throws Refusal {
        String time = request.single(HeaderForm.DATE);
        if (time != null) {
            return Claim.time(HeaderForm.DATE, time);
        }
        @Nullable String date = request.single("date");
        if (date == null) {
            throw Refusal.malformed("a header x-amz-date must tell the time of the signature");
        }
        return Claim.dateHeader(date);
    }
}
