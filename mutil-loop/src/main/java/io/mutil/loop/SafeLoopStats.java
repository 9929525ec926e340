package io.mutil.loop;

/**
 * What a {@link SafeLoop} is doing.
 *
 * @param running tasks that have not ended and keep the program alive, its body included
 * @param background tasks that have not ended and do not keep it alive
 * @param ended tasks that have, failed and cancelled ones included
 * @param failed tasks that ended with an exception of their own
 * @param hooks close hooks and resources that are registered
 * @param stopping whether the tasks have been told to end
 */
public record SafeLoopStats(int running, int background, long ended, long failed, int hooks, boolean stopping) {}
