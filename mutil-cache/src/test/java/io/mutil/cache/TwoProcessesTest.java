package io.mutil.cache;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two processes on one directory. */
class TwoProcessesTest {
    @Test
    void aThousandCallersInTwoProcessesMakeOneRequest(@TempDir Path directory) throws Exception {
        try (var server = new Server()) {
            server.answersAfter("/a", 100, "hello");
            var children = new ArrayList<Child>();
            try {
                for (int i = 0; i < 2; i++) {
                    children.add(
                            new Child(directory, "child" + i, server.uri("/a").toString()));
                }
                for (Child child : children) {
                    assertThat(child.line()).isEqualTo("ready");
                }

                for (Child child : children) {
                    child.say("go");
                }
                List<String> said = children.stream().map(Child::line).toList();

                assertThat(said).containsOnly(CacheChild.CALLERS + " times hello");
                assertThat(server.requests("/a")).isEqualTo(1);
            } finally {
                children.forEach(Child::close);
            }
        }
    }

    private static final class Child implements AutoCloseable {
        private final Process process;
        private final BufferedReader out;
        private final Writer in;

        Child(Path directory, String name, String uri) throws IOException {
            process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xshare:auto",
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            System.getProperty("java.class.path"),
                            CacheChild.class.getName(),
                            directory.resolve("cache").toString(),
                            uri)
                    .redirectError(Redirect.to(directory.resolve(name + ".err").toFile()))
                    .start();
            out = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
            in = new OutputStreamWriter(process.getOutputStream(), UTF_8);
        }

        void say(String word) throws IOException {
            in.write(word + "\n");
            in.flush();
        }

        String line() {
            return Stream.generate(this::read).findFirst().orElseThrow();
        }

        private String read() {
            try {
                return String.valueOf(out.readLine());
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }
}
