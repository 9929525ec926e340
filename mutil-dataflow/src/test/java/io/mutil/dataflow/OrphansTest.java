package io.mutil.dataflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.mutil.codec.JsonCodec;
import io.mutil.testkit.Eventually;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of the children of a topology whose process is killed. */
@Timeout(120)
class OrphansTest {
    private static final JsonCodec<Integer> NUMBERS = JsonCodec.of(Integer.class);

    /** Runs two levels of processes: one that is busy, and one that never comes back from its first item. */
    static final class Parent {
        private Parent() {}

        /** Prints the numbers of its children, and stays. */
        public static void main(String... args) throws Exception {
            var processes = Processes.of(NUMBERS, NUMBERS).heap("32m");
            Dataflow flow = Dataflow.named("orphans")
                    .from(Ingress.pulling(() -> IntStream.iterate(0, n -> n + 1).iterator()))
                    .through(Workers.<Integer, Integer>of((n, out) -> out.send(n))
                            .howMany(1)
                            .isolation(processes))
                    .through(Workers.<Integer, Integer>of((n, out) -> new CountDownLatch(1).await())
                            .howMany(1)
                            .isolation(processes))
                    .to(Egress.into(n -> {}))
                    .build();
            try (RunningDataflow running = flow.start()) {
                ProcessHandle.current().children().forEach(child -> System.out.println(child.pid()));
                System.out.println("running");
                running.await();
            }
        }
    }

    @Test
    void childrenEndWhenTheirParentIsKilled() throws Exception {
        Process parent = new ProcessBuilder(ChildJvm.command(Parent.class, "64m", List.of()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<ProcessHandle> children;
        try (BufferedReader out = parent.inputReader()) {
            children = out.lines()
                    .takeWhile(line -> !line.equals("running"))
                    .flatMap(line -> ProcessHandle.of(Long.parseLong(line)).stream())
                    .toList();
        } finally {
            parent.destroyForcibly().waitFor();
        }

        assertThat(children).hasSize(2);
        Eventually.until("no child is left", () -> children.stream().noneMatch(OrphansTest::runs));
    }

    /** Whether a process does anything: one that has ended stays listed where nobody asks for its status. */
    private static boolean runs(ProcessHandle process) {
        try {
            String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
            return process.isAlive() && stat.charAt(stat.lastIndexOf(')') + 2) != 'Z';
        } catch (IOException e) {
            return process.isAlive();
        }
    }
}
