package io.mutil.awssig;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A signature in the query of a link. */
record QueryClaim(List<Incoming.Parameter> parameters) {
    private static final int MAX_EXPIRES = 604_800;

    /** Whether a parameter belongs to a signature, however its letters are written. */
    static boolean isOfSignature(String name) {
        return QueryForm.OF_SIGNATURE.stream().anyMatch(name::equalsIgnoreCase);
    }

    Claim read(Incoming request) throws Refusal {
        if (!required(QueryForm.ALGORITHM).equals(CanonicalRequest.ALGORITHM)) {
            throw Refusal.malformed(QueryForm.ALGORITHM + " must be " + CanonicalRequest.ALGORITHM);
        }
        return Claim.of(
                required(QueryForm.CREDENTIAL),
                required(QueryForm.SIGNED_HEADERS),
                required(QueryForm.SIGNATURE),
                Claim.time(QueryForm.DATE, required(QueryForm.DATE)),
                expires(required(QueryForm.EXPIRES)),
                Claim.token(
                        one(QueryForm.TOKEN, request.single(HeaderForm.TOKEN)),
                        one(QueryForm.S3_SESSION_TOKEN, request.single(HeaderForm.S3_SESSION_TOKEN))),
                one(QueryForm.CONTENT_SHA256, request.single(HeaderForm.CONTENT_SHA256)));
    }

    private static Duration expires(String text) throws Refusal {
        // at most as many digits as the largest has
        int seconds = text.matches("[0-9]{1,6}") ? Integer.parseInt(text) : -1;
        if (seconds < 1 || seconds > MAX_EXPIRES) {
            throw Refusal.malformed(
                    QueryForm.EXPIRES + " must be from 1 to " + MAX_EXPIRES + " seconds, which are 7 days");
        }
        return Duration.ofSeconds(seconds);
    }

    /** What the query says, or else a header. */
    private @Nullable String one(String name, @Nullable String header) throws Refusal {
        String value = value(name);
        if (value != null && header != null && !value.equals(header)) {
            throw Refusal.duplicate(name + ", in the query and as a header,");
        }
        return value == null ? header : value;
    }

    private String required(String name) throws Refusal {
        String value = value(name);
        if (value == null) {
            throw Refusal.malformed("the query must have " + name + ", as other links do");
        }
        return value;
    }

    private @Nullable String value(String name) throws Refusal {
        String found = null;
        for (Incoming.Parameter parameter : parameters) {
            if (parameter.name().equalsIgnoreCase(name)) {
                if (found != null) {
                    throw Refusal.duplicate("parameter " + name);
                }
                if (!parameter.name().equals(name)) {
                    throw Refusal.malformed("a parameter must be written " + name + ", with capitals");
                }
                found = parameter.value();
            }
        }
        return found;
    }
}
