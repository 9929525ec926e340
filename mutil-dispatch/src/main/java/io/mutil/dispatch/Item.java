package io.mutil.dispatch;

/** What stands in a group: a command, or a group again. */
sealed interface Item<S> permits Verb, Group {}
