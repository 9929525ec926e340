package io.mutil.dataflow;

/**
 * Which worker is being started.
 *
 * @param level name of its level
 * @param index its place in the level, from 0
 * @param howMany width of the level
 */
public record WorkerContext(String level, int index, int howMany) {}
