package io.mutil.cache;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where an entry lies.
 *
 * @param fileName its file in the directory
 * @param family what the file names of its older and younger siblings begin with, {@code <family>-<date>[-<bucket>]}; null for
 *     an entry without such
 */
record EntryName(String fileName, @Nullable String family) {
    /** The file of {@link LockFile}. */
    static final String LOCKS = "locks";

    private static final int MAX_BYTES = 240;
    private static final String FORBIDDEN = "/\\:*?\"<>|";
    private static final Pattern DATED = Pattern.compile(".+-\\d{4}-\\d{2}-\\d{2}(-\\d{1,18})?");
    private static final Pattern STAMP = Pattern.compile("-(\\d{4}-\\d{2}-\\d{2})(?:-(\\d{1,18}))?");

    EntryName {
        check("file name", fileName, MAX_BYTES);
        if (family != null && stamp(fileName, family) == null) {
            throw new IllegalArgumentException(
                    "file name must be <family>-<date>[-<bucket>], was \"" + fileName + "\" of \"" + family + "\"");
        }
    }

    /**
     * Checks a name that a caller gives to a family. One that ends as the files of a family do is refused: it would be both a
     * family and a file of the one without that end.
     *
     * @throws IllegalArgumentException if it cannot be the beginning of a file name everywhere, or ends in a day
     */
    static String checkFamily(String name) {
        if (isDated(name)) {
            throw new IllegalArgumentException(
                    "name must not end in -<yyyy-mm-dd> or -<yyyy-mm-dd>-<bucket>, as the files of"
                            + " a name do, was \"" + name + "\"; put the day first, or use Key.of");
        }
        return check(
                "name",
                name,
                MAX_BYTES
                        - "-2024-03-10-".length()
                        - Long.toString(Long.MAX_VALUE).length());
    }

    private static String check(String what, String name, int maxBytes) {
        if (!isValid(name, maxBytes)) {
            throw new IllegalArgumentException(what + " must be part of a file name: 1 to " + maxBytes
                    + " bytes, no leading dot, no control characters, none of " + FORBIDDEN + ", not \"" + LOCKS
                    + "\", was \"" + name + "\"");
        }
        return name;
    }

    /** Whether a file of a directory can be an entry. */
    static boolean isValid(String name) {
        return isValid(name, MAX_BYTES);
    }

    private static boolean isValid(String name, int maxBytes) {
        return !name.isEmpty()
                && name.charAt(0) != '.'
                && !name.equalsIgnoreCase(LOCKS)
                && name.chars().noneMatch(c -> c < ' ' || c == 0x7F || FORBIDDEN.indexOf(c) >= 0)
                && UTF_8.newEncoder().canEncode(name)
                && name.getBytes(UTF_8).length <= maxBytes;
    }

    /** Whether a file name ends as those of a family do. */
    static boolean isDated(String fileName) {
        return DATED.matcher(fileName).matches();
    }

    /** Whether a file is of the same family, and from a day or a bucket before. */
    boolean isAfter(String other) {
        if (family == null) {
            return false;
        }
        Stamp own = stamp(fileName, family);
        Stamp its = stamp(other, family);
        return own != null && its != null && its.compareTo(own) < 0;
    }

    private static @Nullable Stamp stamp(String fileName, String family) {
        if (!fileName.startsWith(family)) {
            return null;
        }
        Matcher rest = STAMP.matcher(fileName).region(family.length(), fileName.length());
        if (!rest.matches()) {
            return null;
        }
        String bucket = rest.group(2);
        return new Stamp(String.valueOf(rest.group(1)), bucket == null ? -1 : Long.parseLong(bucket));
    }

    private record Stamp(String date, long bucket) implements Comparable<Stamp> {
        @Override
        public int compareTo(Stamp other) {
            int byDate = date.compareTo(other.date);
            return byDate != 0 ? byDate : Long.compare(bucket, other.bucket);
        }
    }
}
