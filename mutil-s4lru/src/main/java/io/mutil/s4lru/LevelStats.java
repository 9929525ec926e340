package io.mutil.s4lru;

/**
 * One level as it stood when it was asked for; what is {@linkplain Entry#held held} is in no level.
 *
 * @param level 0 for the coldest
 * @param capacity its share of the whole, in the caller's units
 * @param size of the keys in it, together
 * @param count how many keys are in it
 */
public record LevelStats(int level, long capacity, long size, int count) {}
