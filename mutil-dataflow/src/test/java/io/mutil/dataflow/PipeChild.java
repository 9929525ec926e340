package io.mutil.dataflow;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.mutil.pipe.Pipe;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** A JVM of its own that prints numbers as frames. */
final class PipeChild {
    private PipeChild() {}

    /** The program that prints the numbers from one to before the other and ends with a status. */
    static ProcessBuilder numbers(long from, long to, int status) {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElseThrow());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto", "-cp"));
        command.add(System.getProperty("java.class.path"));
        command.add(PipeChild.class.getName());
        command.addAll(List.of(Long.toString(from), Long.toString(to), Integer.toString(status)));
        return new ProcessBuilder(command);
    }

    public static void main(String[] arguments) throws Exception {
        try (Pipe out = Pipe.builder().writeTo(1)) {
            for (long n = Long.parseLong(arguments[0]); n < Long.parseLong(arguments[1]); n++) {
                out.write(ByteBuffer.wrap(Long.toString(n).getBytes(UTF_8)));
            }
        }
        System.exit(Integer.parseInt(arguments[2]));
    }
}
