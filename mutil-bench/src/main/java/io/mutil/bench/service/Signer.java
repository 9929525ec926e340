package io.mutil.bench.service;

/** A contestant of {@link SignSuite}. */
interface Signer {
    /** The authorization header of a GET without a body. */
    String get();

    /** The authorization header of a PUT whose body is signed. */
    String put(byte[] body);

    /** A link for an hour. */
    String presign();
}
