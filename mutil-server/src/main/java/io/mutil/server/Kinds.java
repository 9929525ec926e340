package io.mutil.server;

import io.mutil.codec.internal.Framing;

/** The kinds of frames after {@link Handshake#VERSION_2}. */
final class Kinds {
    /** A payload of the application. */
    static final int DATA = Framing.DATA;

    /** Nothing; a sign of life. */
    static final int HEARTBEAT = 1;

    /** {@code id u64 | payload}. */
    static final int REQUEST = 2;

    /** {@code id u64 | status u8 | payload}. */
    static final int RESPONSE = 3;

    /** {@code flags u8 | length u64 | offset u64 | prefix}. */
    static final int FILE_START = 4;

    /** Bytes of the file. */
    static final int FILE_DATA = 5;

    /** {@code status u8 | reason or digest}. */
    static final int FILE_END = 6;

    /** {@code code u16 | reason}; the last frame of its direction. */
    static final int CLOSE = 7;

    private Kinds() {}
}
