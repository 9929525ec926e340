package io.mutil.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

/**
 * Why a connection ended: a code and a text as RFC 6455, section 7.4, has them.
 *
 * <p>It is the reason that came first: the peer's if the peer began to close, ours if this side did, and
 * {@link #ABNORMAL} if the connection dropped without either.
 *
 * @param code 1000 to 4999
 * @param reason for people, may be empty
 */
public record CloseReason(int code, String reason) {
    /** The purpose of the connection is fulfilled. */
    public static final int NORMAL = 1000;

    /** The endpoint goes away: a server shuts down, a browser leaves the page. */
    public static final int GOING_AWAY = 1001;

    /** The peer broke the protocol. */
    public static final int PROTOCOL_ERROR = 1002;

    /** The peer ended the connection in order, without a code. Never sent. */
    public static final int NO_CODE = 1005;

    /** The connection dropped without a close frame. Never sent. */
    public static final int ABNORMAL = 1006;

    /** A message does not hold what its type says, as text that is no UTF-8. */
    public static final int BAD_DATA = 1007;

    /** The peer asked for something that it may not have, and no other code says it better. */
    public static final int POLICY = 1008;

    /** A message exceeds the limit of the receiver. */
    public static final int TOO_BIG = 1009;

    /** The receiver failed on a message. */
    public static final int INTERNAL_ERROR = 1011;

    /** The peer may try again later: it was too slow, or the server has too much to do. */
    public static final int TRY_LATER = 1013;

    // a control frame carries at most 125 bytes, two of which are the code
    private static final int MAX_REASON_BYTES = 123;

    /**
     * Checks the components.
     *
     * @throws IllegalArgumentException if the code is not from 1000 to 4999
     */
    public CloseReason {
        if (code < 1000 || code > 4999) {
            throw new IllegalArgumentException("close code must be from 1000 to 4999, was " + code);
        }
        requireNonNull(reason, "reason");
    }

    /** A reason that may be put into a close frame: the code is one that may be sent, the text is short enough. */
    static CloseReason toSend(int code, String reason) {
        if (!isSendable(code)) {
            throw new IllegalArgumentException("close code " + code
                    + " may not be sent; use 1000 to 1003, 1007 to 1014, or 3000 to 4999 for codes of your own");
        }
        return new CloseReason(code, cut(reason));
    }

    /** Whether a close frame may have this code. */
    static boolean isSendable(int code) {
        return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999);
    }

    private static String cut(String reason) {
        int bytes = 0;
        for (int i = 0; i < reason.length(); ) {
            int point = reason.codePointAt(i);
            bytes += Character.toString(point).getBytes(UTF_8).length;
            if (bytes > MAX_REASON_BYTES) {
                return reason.substring(0, i);
            }
            i += Character.charCount(point);
        }
        return reason;
    }

    @Override
    public String toString() {
        if (reason.isEmpty()) {
            return Integer.toString(code);
        }
        // the peer chose it, and it gets into log lines
        String shown = FileName.shown(reason);
        return code + " " + (shown.length() == reason.length() + 2 ? reason : shown);
    }
}
