package io.mutil.s4lru;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What an {@link S4Lru} is made of.
 *
 * @param sizesMayChange whether a touch may bring another size
 * @param journal makes the journal, if there is one, from what hands over the hits that are still buffered
 */
record Parts(
        ReentrantLock lock,
        Entries entries,
        Levels levels,
        Changes changes,
        Policy policy,
        Promotion promotion,
        boolean sizesMayChange,
        Function<Runnable, @Nullable Journal> journal) {}
