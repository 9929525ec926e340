package io.mutil.sqlshard;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file system in memory that is soon full; only root can mount one. */
final class SmallDisk implements AutoCloseable {
    private static final String BALLAST = "ballast";

    private final Path dir;

    private SmallDisk(Path dir) {
        this.dir = dir;
    }

    /** Skips the test where it cannot be mounted. */
    static SmallDisk mounted(Path dir, int kib) {
        boolean done = run("mount", "-t", "tmpfs", "-o", "size=" + kib + "k", "tmpfs", dir.toString());
        assumeTrue(done, "a small file system can only be mounted by root on Linux");
        return new SmallDisk(dir);
    }

    private static boolean run(String... command) {
        try {
            return new ProcessBuilder(command)
                            .redirectOutput(Redirect.DISCARD)
                            .redirectError(Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Takes space away. */
    void fill(int kib) throws IOException {
        Files.write(dir.resolve(BALLAST), new byte[kib << 10]);
    }

    /** Gives it back. */
    void free() throws IOException {
        Files.delete(dir.resolve(BALLAST));
    }

    @Override
    public void close() {
        if (!run("umount", dir.toString())) {
            throw new IllegalStateException(dir + " cannot be unmounted; something in it is still open");
        }
    }
}
