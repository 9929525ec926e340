package io.mutil.testkit;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Properties;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/** Node and its package {@code ws}, a WebSocket client that we did not write; its jar is on the class path of the test. */
public final class Node {
    private static final String ABOUT_WS = "/META-INF/maven/org.webjars.npm/ws/pom.properties";

    private Node() {}

    /** Skips the test where there is no Node. */
    public static void assumePresent() throws InterruptedException {
        assumeTrue(
                runs("node", "--version"), "skipped because Node is absent: install it so that 'node --version' works");
    }

    /** Whether there is such a program, and it ends without a complaint. */
    public static boolean runs(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** Unpacks {@code ws} where scripts in this folder find it. */
    public static void unpackWs(Path folder) throws IOException {
        Path target = folder.resolve("node_modules").resolve("ws");
        String root = "META-INF/resources/webjars/ws/" + versionOfWs() + "/";
        URL resource = Objects.requireNonNull(Node.class.getResource("/" + root + "package.json"));
        try (JarFile jar = ((JarURLConnection) resource.openConnection()).getJarFile()) {
            for (JarEntry entry : jar.stream().toList()) {
                if (entry.getName().startsWith(root) && !entry.isDirectory()) {
                    unpack(jar, entry, target.resolve(entry.getName().substring(root.length())));
                }
            }
        }
    }

    private static String versionOfWs() throws IOException {
        var about = new Properties();
        try (InputStream in = Node.class.getResourceAsStream(ABOUT_WS)) {
            about.load(Objects.requireNonNull(in));
        }
        return about.getProperty("version");
    }

    private static void unpack(JarFile jar, JarEntry entry, Path file) throws IOException {
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        try (InputStream in = jar.getInputStream(entry)) {
            Files.copy(in, file);
        }
    }
}
