package io.mutil.bench;

/** A contestant of {@link SignSuite}. Each method returns what would be sent. */
interface Signer {
    Object get();

    Object put(byte[] body);

    Object presign();
}
