package io.mutil.bench.fanout;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A Java program in a JVM like this one, with the same class path.
 *
 * @param main has a main method for {@link ProxyProcess}
 */
record JvmContestant(String name, Class<?> main) implements Contestant {
    @Override
    public Proxy start(Sockets sockets, Traffic traffic, String heap) throws IOException {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms" + heap,
                "-Xmx" + heap,
                "-XX:+AlwaysPreTouch",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName());
        return ProxyProcess.start(sockets, command, true);
    }
}
