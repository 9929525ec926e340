package io.mutil.dataflow;

import org.jspecify.annotations.Nullable;

/**
 * One receiver as its senders see it.
 *
 * @param filter which items it wants, or null for all
 */
record Target<T>(
        String name, Task task, Inbox<T> inbox, @Nullable Filter<? super T> filter, Failures<T> failures) {}
