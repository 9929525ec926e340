package io.mutil.wproxy;

/** How an upstream behind a relay is lost. */
enum Loss {
    CLOSE_FRAME,
    END,
    RESET,
    STALL,
    HALF_OPEN,
    SILENCE,
    RESERVED_BITS,
    UNKNOWN_OPCODE,
    MASKED_FRAME,
    LOOSE_CONTINUATION,
    NO_UTF_8,
    LONG_PING,
    HUGE_LENGTH,
    HUGE_MESSAGE;

    /** More than the client of the proxy takes where these losses are tried. */
    static final int TOO_LARGE = 300_000;

    void happen(ScriptedUpstream upstream, Relay relay) throws Exception {
        switch (this) {
            case CLOSE_FRAME -> upstream.drop();
            case END -> upstream.awaitEnd(relay::end);
            case RESET -> upstream.awaitEnd(relay::reset);
            case STALL -> upstream.stall();
            case HALF_OPEN -> {
                upstream.fallSilent();
                relay.swallow();
            }
            case SILENCE -> upstream.fallSilent();
            case RESERVED_BITS -> inject(relay, 0xf1, 1, 'x');
            case UNKNOWN_OPCODE -> inject(relay, 0x83, 1, 'x');
            case MASKED_FRAME -> inject(relay, 0x81, 0x81, 1, 2, 3, 4, 5);
            case LOOSE_CONTINUATION -> inject(relay, 0x80, 1, 'x');
            case NO_UTF_8 -> inject(relay, 0x81, 3, '"', 0xc3, '"');
            case LONG_PING -> inject(relay, 0x89, 126, 0, 126, 'x');
            case HUGE_LENGTH -> inject(relay, 0x82, 127, 0x80, 0, 0, 0, 0, 0, 0, 0);
            case HUGE_MESSAGE -> upstream.send("x".repeat(TOO_LARGE));
        }
    }

    private static void inject(Relay relay, int... bytes) throws Exception {
        var frame = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            frame[i] = (byte) bytes[i];
        }
        relay.inject(frame);
    }
}
