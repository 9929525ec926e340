package io.mutil.sqlshard;

import java.util.Arrays;

/** How SQLite compares values of columns without a type: numbers, then text, then blobs. */
final class KeyOrder {
    private static final double TWO_TO_63 = 0x1p63;

    private KeyOrder() {}

    static int compare(Object a, Object b) {
        int order = Integer.compare(rank(a), rank(b));
        if (order != 0) {
            return order;
        }
        if (a instanceof String text) {
            return compareText(text, (String) b);
        }
        return a instanceof byte[] bytes ? Arrays.compareUnsigned(bytes, (byte[]) b) : compareNumbers(a, b);
    }

    private static int rank(Object part) {
        return part instanceof Number ? 0 : part instanceof String ? 1 : 2;
    }

    private static int compareNumbers(Object a, Object b) {
        if (a instanceof Long x) {
            return b instanceof Long y ? Long.compare(x, y) : compareMixed(x, (Double) b);
        }
        double x = (Double) a;
        return b instanceof Long y ? -compareMixed(y, x) : compareReals(x, (Double) b);
    }

    /** Exact, also where a double cannot hold the long. */
    private static int compareMixed(long a, double b) {
        if (b >= TWO_TO_63) {
            return -1;
        }
        if (b < -TWO_TO_63) {
            return 1;
        }
        int order = Long.compare(a, (long) b);
        return order != 0 ? order : compareReals(0, b - (double) (long) b);
    }

    /** Without the difference between the two zeros that {@code Double.compare} makes. */
    private static int compareReals(double a, double b) {
        return a < b ? -1 : a > b ? 1 : 0;
    }

    /** By code points, which is also the order of the UTF-8 bytes; the order of {@code String} is another one. */
    private static int compareText(String a, String b) {
        int common = Math.min(a.length(), b.length());
        for (int i = 0; i < common; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                return compareUnits(x, y);
            }
        }
        return Integer.compare(a.length(), b.length());
    }

    private static int compareUnits(char a, char b) {
        boolean aboveBmp = Character.isSurrogate(a);
        return aboveBmp == Character.isSurrogate(b) ? Character.compare(a, b) : aboveBmp ? 1 : -1;
    }

    /** Whether some long has exactly this value. */
    static boolean isLong(double value) {
        return value >= -TWO_TO_63 && value < TWO_TO_63 && value == Math.rint(value);
    }

    static int hash(Object[] parts) {
        int hash = 1;
        for (Object part : parts) {
            hash = 31 * hash + hash(part);
        }
        return hash;
    }

    private static int hash(Object part) {
        if (part instanceof byte[] bytes) {
            return Arrays.hashCode(bytes);
        }
        return part instanceof Double real && isLong(real) ? Long.hashCode(real.longValue()) : part.hashCode();
    }
}
