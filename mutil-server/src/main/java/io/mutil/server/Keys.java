package io.mutil.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The secrets that both ends of a connection share, each under an id that is sent in the clear.
 *
 * <p>A client proves itself with the first key; a server accepts every one. So a key is changed without an interruption:
 * add the new one second on the servers, make it the first on the clients, then take the old one away from the servers,
 * each with {@link Server#replaceKeys} and {@link Client#replaceKeys}.
 *
 * <p>A key should be at least 16 random bytes, as {@code head -c 32 /dev/urandom} gives them; who has seen a handshake can
 * try out passwords against it. Closing overwrites the bytes; handshakes that begin afterwards fail, connections that are
 * open stay. Copies that the JVM made in passing may linger in its heap until that is reused.
 *
 * <p>Safe for many threads.
 *
 * <pre>{@code
 * Keys keys = Keys.builder().add("2026-11", current).add("2026-10", previous).build();
 * }</pre>
 */
public final class Keys implements AutoCloseable {
    private static final Logger LOGGER = System.getLogger(Keys.class.getName());
    private static final int RECOMMENDED_BYTES = 16;
    private static final int MAX_BYTES = 65_536;
    static final int MAX_ID_BYTES = 64;

    /** Stands for a key that is not here, so that its absence takes as long as its presence. */
    static final int UNKNOWN = -1;

    private final ReentrantLock lock = new ReentrantLock();
    private final List<String> ids;
    private final List<byte[]> secrets;
    private final byte[] decoy;
    private boolean closed;

    private Keys(List<String> ids, List<byte[]> secrets) {
        this.ids = List.copyOf(ids);
        this.secrets = List.copyOf(secrets);
        this.decoy = new byte[secrets.get(0).length];
        new SecureRandom().nextBytes(decoy);
    }

    /**
     * One key, with the id {@code default}.
     *
     * @param secret copied; the caller may overwrite it
     * @throws IllegalArgumentException if it is empty or longer than 65,536 bytes
     */
    public static Keys of(byte[] secret) {
        return builder().add("default", secret).build();
    }

    /** Begins a set of keys. The first that is added is the one a client proves itself with. */
    public static Builder builder() {
        return new Builder();
    }

    /** The ids, in the order in which they were added. */
    public List<String> ids() {
        return ids;
    }

    /** The place of the key with this id, or {@link #UNKNOWN}; looks at all of them whatever it finds. */
    int indexOf(byte[] id) {
        int found = UNKNOWN;
        for (int i = 0; i < ids.size(); i++) {
            if (MessageDigest.isEqual(ids.get(i).getBytes(UTF_8), id)) {
                found = i;
            }
        }
        return found;
    }

    /**
     * Computes a proof under one key.
     *
     * @param index of the key; {@link #UNKNOWN} computes with one that nobody has
     * @throws AuthenticationException if the keys are closed
     */
    byte[] mac(int index, Hmac algorithm, byte[]... message) throws AuthenticationException {
        byte[] secret = copy(index);
        try {
            return algorithm.compute(secret, message);
        } finally {
            Arrays.fill(secret, (byte) 0);
        }
    }

    private byte[] copy(int index) throws AuthenticationException {
        lock.lock();
        try {
            if (closed) {
                throw new AuthenticationException("the keys " + ids + " were closed; give new connections open ones");
            }
            return (index == UNKNOWN ? decoy : secrets.get(index)).clone();
        } finally {
            lock.unlock();
        }
    }

    /** The bytes themselves, for tests. */
    List<byte[]> secrets() {
        return secrets;
    }

    /** Overwrites the keys. Handshakes fail from now on. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            secrets.forEach(secret -> Arrays.fill(secret, (byte) 0));
            Arrays.fill(decoy, (byte) 0);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public String toString() {
        return "Keys" + ids;
    }

    /** Collects keys. Used once; not for many threads. */
    public static final class Builder {
        private final List<String> ids = new ArrayList<>();
        private final List<byte[]> secrets = new ArrayList<>();

        private Builder() {}

        /**
         * Adds a key.
         *
         * @param id 1 to 64 bytes in UTF-8 without control characters; it is no secret
         * @param secret 1 to 65,536 bytes, better 16 or more; copied
         * @throws IllegalArgumentException if one is out of its range, or the id is there already
         */
        public Builder add(String id, byte[] secret) {
            requireNonNull(secret, "secret");
            checkId(id);
            if (secret.length == 0 || secret.length > MAX_BYTES) {
                throw new IllegalArgumentException("key " + id + " must have 1 to " + MAX_BYTES + " bytes, "
                        + (secret.length == 0 ? "has none" : "has more"));
            }
            ids.add(id);
            secrets.add(secret.clone());
            return this;
        }

        /** Adds a key that is text; its bytes are those of UTF-8. Otherwise as {@link #add(String, byte[])}. */
        public Builder add(String id, char[] secret) {
            byte[] bytes = encode(id, secret);
            try {
                return add(id, bytes);
            } finally {
                Arrays.fill(bytes, (byte) 0);
            }
        }

        private static byte[] encode(String id, char[] secret) {
            byte[] room = new byte[3 * secret.length];
            try {
                ByteBuffer encoded = ByteBuffer.wrap(room);
                CoderResult result = UTF_8.newEncoder().encode(CharBuffer.wrap(secret), encoded, true);
                if (result.isError()) {
                    throw new IllegalArgumentException("key " + id + " is no text: it has half of a surrogate pair");
                }
                return Arrays.copyOf(room, encoded.position());
            } finally {
                Arrays.fill(room, (byte) 0);
            }
        }

        private void checkId(String id) {
            int length = id.getBytes(UTF_8).length;
            if (length == 0 || length > MAX_ID_BYTES || id.chars().anyMatch(Character::isISOControl)) {
                throw new IllegalArgumentException("key id must have 1 to " + MAX_ID_BYTES
                        + " bytes in UTF-8 and no control characters, was \"" + id + "\" with " + length + " bytes");
            }
            if (ids.contains(id)) {
                throw new IllegalArgumentException("key id \"" + id + "\" was added already; give each key its own");
            }
        }

        /**
         * Makes the set, and warns in the log about keys of fewer than 16 bytes.
         *
         * @throws IllegalStateException if no key was added
         */
        public Keys build() {
            if (ids.isEmpty()) {
                throw new IllegalStateException("no key was added; call add first");
            }
            for (int i = 0; i < ids.size(); i++) {
                warnIfShort(ids.get(i), secrets.get(i));
            }
            var keys = new Keys(ids, secrets);
            ids.clear();
            secrets.clear();
            return keys;
        }

        private static void warnIfShort(String id, byte[] secret) {
            if (secret.length < RECOMMENDED_BYTES) {
                LOGGER.log(
                        Level.WARNING,
                        () -> "key \"" + id + "\" is shorter than " + RECOMMENDED_BYTES
                                + " bytes; who sees a handshake can find it by trying, so use random bytes");
            }
        }
    }
}
