package io.mutil.dataflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.mutil.codec.Codec;

/**
 * All workers of a level share a child, so that the levels are many and the children few; they die together. The children are
 * made to start fast.
 */
class ProcessFailureConformanceTest extends DataflowFailureConformance {
    private static String mark(String level) {
        return "-Dmutil.test.level=" + level;
    }

    @Override
    protected <I, O> Workers<I, O> placed(String level, Workers<I, O> workers, Codec<I> in, Codec<O> out) {
        return workers.isolation(Processes.of(in, out)
                .heap("64m")
                .workersPerProcess(8)
                .jvmArguments(mark(level), "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    }

    @Override
    protected void breakLevel(String level) {
        assertThat(childOf(level).destroyForcibly()).isTrue();
    }

    private static ProcessHandle childOf(String level) {
        return ProcessHandle.current()
                .children()
                .filter(child -> child.info().commandLine().orElse("").contains(mark(level)))
                .findFirst()
                .orElseThrow();
    }

    @Override
    protected int successors(LevelStats level) {
        return level.width();
    }
}
