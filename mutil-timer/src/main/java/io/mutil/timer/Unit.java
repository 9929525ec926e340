package io.mutil.timer;

/**
 * What the steps of a section are, and so how numbers of them read.
 *
 * @param name may be empty
 */
record Unit(String name, boolean isBytes) {
    static final Unit NONE = new Unit("", false);
    static final Unit BYTES = new Unit("bytes", true);

    String count(long steps) {
        return isBytes ? Human.bytes((double) steps) : named(Human.number(steps));
    }

    /** A number of steps among all that there will be. */
    String count(long steps, long total) {
        String some = isBytes ? Human.bytes((double) steps) : Human.number(steps);
        return some + " of " + count(total);
    }

    String rate(double perSecond) {
        return (isBytes ? Human.bytes(perSecond) : named(Human.rate(perSecond))) + "/s";
    }

    private String named(String number) {
        return name.isEmpty() ? number : number + " " + name;
    }
}
