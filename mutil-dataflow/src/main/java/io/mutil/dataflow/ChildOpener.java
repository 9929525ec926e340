package io.mutil.dataflow;

import static java.util.Objects.requireNonNull;

import io.mutil.pipe.Pipe;
import java.io.IOException;

/** Opens the pipe of a child; whoever wants to know how the child ends starts it himself. */
record ChildOpener(PipeOpener.Child child) implements PipeOpener {
    ChildOpener {
        requireNonNull(child, "child");
    }

    @Override
    public Pipe open() throws IOException {
        return child.start().pipe();
    }
}
