package io.mutil.examples;

import io.mutil.codec.JsonCodec;
import io.mutil.codec.MessageStream;
import io.mutil.pipe.ChildProcess;
import io.mutil.pipe.Pipe;
import java.io.IOException;
import java.util.List;

/**
 * A parent gives numbers to a child JVM, which gives their squares back: JSON in frames on the child's standard streams.
 *
 * <p>Without arguments it is the parent, with {@code child} the child. The child ends when its input does, so also when
 * the parent is killed.
 */
public final class ParentAndChild {
    record Task(String name, long number) {}

    private ParentAndChild() {}

    /** Runs the parent, or the child. */
    public static void main(String... args) throws IOException, InterruptedException {
        if (List.of(args).contains("child")) {
            child();
        } else {
            parent(SameJvm.command(ParentAndChild.class, "child"));
        }
    }

    private static void parent(List<String> command) throws IOException, InterruptedException {
        try (ChildProcess child = ChildProcess.start(new ProcessBuilder(command))) {
            MessageStream<Task> tasks = child.pipe().as(JsonCodec.of(Task.class));
            for (long number = 1; number <= 5; number++) {
                tasks.write(new Task("square", number));
                System.out.println(number + " -> " + tasks.read());
            }
        }
    }

    private static void child() throws IOException, InterruptedException {
        try (Pipe parent = Pipe.builder().over(0, 1)) {
            MessageStream<Task> tasks = parent.as(JsonCodec.of(Task.class));
            for (Task task = tasks.read(); task != null; task = tasks.read()) {
                tasks.write(new Task(task.name(), Math.multiplyExact(task.number(), task.number())));
            }
        }
    }
}
