package io.mutil.cache;

import org.jspecify.annotations.Nullable;

/** Where entries lie in the directory. */
final class Names {
    private final byte[] salt;

    Names(byte[] salt) {
        this.salt = salt;
    }

    EntryName of(Key key, Freshness freshness, long instant) {
        String name = key.name();
        String suffix = name == null ? "" : freshness.suffix(instant);
        return suffix.isEmpty() ? plain(key) : new EntryName(name + suffix, name);
    }

    /** Where an entry lies whose rule knows no days. */
    EntryName plain(Key key) {
        String name = key.name();
        return new EntryName(name == null ? key.digest(salt) : name, null);
    }

    /** What processes agree on who fetch the same; users of one name do not wait for each other. */
    EntryName lock(Key key) {
        return new EntryName(key.digest(salt), null);
    }

    /** A name that every file of its family with a date is older than; null where there are no dates. */
    static @Nullable EntryName last(Key key) {
        String name = key.name();
        return name == null ? null : new EntryName(name + "-9999-12-31", name);
    }

    /** What an entry of that key is marked with; null if its file name says it. */
    @Nullable
    String owner(Key key) {
        return key.name() == null ? null : key.digest(salt);
    }
}
