package io.mutil.awssig;

import java.time.format.DateTimeParseException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The texts behind a signature, and how they differ from what the server read. Immutable.
 *
 * <pre>{@code
 * if (status == 403) {
 *     log.log(WARNING, signed.explain().differenceTo(body));
 * }
 * }</pre>
 */
public final class Explanation {
    private final Draft draft;
    private final Function<Stamp, Draft> atTime;

    Explanation(Draft draft, Function<Stamp, Draft> atTime) {
        this.draft = draft;
        this.atTime = atTime;
    }

    /** Method, path, query, headers, their names and the hash of the payload. Has tokens and keys in clear. */
    public String canonicalRequest() {
        return draft.canonical().toString();
    }

    /** Algorithm, time, scope, and the hash of the canonical request. */
    public String stringToSign() {
        return draft.stringToSign().toString();
    }

    /**
     * Says in words what the server read otherwise than it was signed. If the request was signed at another time than this
     * explanation, the time of the request counts.
     *
     * @param answer the body of the server's error: XML with {@code CanonicalRequest} and {@code StringToSign}, or the message
     *     in which other services of AWS quote them
     * @return lines of text, without tokens and keys that S3 and API Gateway take as headers, and without cookies
     * @throws IllegalArgumentException if the body is no such answer
     */
    public String differenceTo(String answer) {
        ServerAnswer server = ServerAnswer.parse(answer);
        var difference = new Difference();
        if (server.isOfChunk()) {
            difference.note("The request was accepted, but not a chunk of its body: the body was changed on the way, or"
                    + " encoded for another request.");
            return difference.toString();
        }
        Draft ours = atTimeOf(server.stringToSign());
        if (server.canonicalRequest() != null) {
            difference.canonicalRequests(ours.canonical().toString(), server.canonicalRequest());
        }
        if (difference.isEmpty() && server.stringToSign() != null) {
            difference.stringsToSign(ours.stringToSign().toString(), server.stringToSign());
        }
        if (server.canonicalRequest() == null && server.stringToSign() == null) {
            difference.note(advice(server));
        } else if (difference.isEmpty()) {
            difference.note(
                    "Both sides signed the same text, so the secret differs: check that it belongs to the access"
                            + " key, and that nothing was cut off or added when it was copied.");
        }
        return difference.toString();
    }

    private Draft atTimeOf(@Nullable String stringToSign) {
        String[] lines = stringToSign == null ? new String[0] : stringToSign.split("\n", 3);
        if (lines.length < 2 || lines[1].equals(draft.time().time())) {
            return draft;
        }
        try {
            return atTime.apply(Stamp.parse(lines[1]));
        } catch (DateTimeParseException e) {
            return draft; // the comparison shows it
        }
    }

    private static String advice(ServerAnswer server) {
        String code = server.code() == null ? "" : server.code();
        return switch (code) {
            case "RequestTimeTooSkewed", "RequestExpired" ->
                code + ": the clocks differ too much; give the time of the server's Date header to correctClock.";
            case "InvalidAccessKeyId", "InvalidClientTokenId", "UnrecognizedClientException" ->
                code + ": the server does not know the access key; check that it belongs to this service.";
            case "ExpiredToken", "InvalidToken" -> code + ": the session is over; get new credentials.";
            case "AuthorizationHeaderMalformed" ->
                code + ": check the region"
                        + (server.region() == null ? "." : ", which should be " + server.region() + ".");
            default ->
                "The server's answer" + (code.isEmpty() ? "" : " " + code)
                        + " does not say what it read, so there is nothing to compare.";
        };
    }

    @Override
    public String toString() {
        return "Explanation[" + draft.key().credential() + ", " + draft.time().time() + ", "
                + draft.canonical().signedHeaders() + "]";
    }
}
