package io.mutil.dataflow;

import static java.lang.System.Logger.Level.DEBUG;
import static java.lang.System.Logger.Level.WARNING;
import static java.util.Objects.requireNonNull;

import io.mutil.pipe.ChildProcess;
import io.mutil.pipe.Pipe;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The classes that the children of one level load, made ready once in a file that all of them map.
 *
 * <p>A first child, which does everything but run the workers, writes the file when it ends. That lies in a directory of its own
 * that nobody else may read or write, since a JVM believes what it says, and only until the children have started; no child
 * that starts later is told its name, which may be anybody's by then. Whatever goes wrong, children start without it: the JVM
 * ignores a file that is broken or does not fit. A process that is killed while its children start may leave one file in the
 * temporary directory.
 */
final class SharedClasses {
    private static final System.Logger LOG = System.getLogger(Dataflow.class.getName());

    /** Who sets one of these has decided otherwise. */
    private static final List<String> OTHERWISE = List.of(
            "-Xshare:",
            "-XX:SharedArchiveFile",
            "-XX:+AutoCreateSharedArchive",
            "-XX:AOT",
            "-Xbootclasspath",
            "-javaagent:",
            "-agentlib:",
            "-agentpath:");

    /** About each class that cannot be shared. */
    private static final String NO_WORD = "-Xlog:disable";

    private static final Duration LAST_BREATH = Duration.ofSeconds(2);

    private final Processes<?, ?> processes;
    private volatile @Nullable Path file;

    SharedClasses(Processes<?, ?> processes) {
        this.processes = processes;
    }

    /** The command line of a child that has started before the file is discarded. */
    List<String> command() {
        Path archive = file;
        return archive == null ? commandWithout() : command(List.of("-XX:SharedArchiveFile=" + archive));
    }

    /** The command line of a child that starts later. */
    List<String> commandWithout() {
        return command(List.of());
    }

    private List<String> command(List<String> first) {
        List<String> arguments = new ArrayList<>(first);
        arguments.addAll(processes.jvmArguments());
        return ChildJvm.command(WorkerProcess.class, processes.heap(), arguments);
    }

    /** Makes the file, if that can be; children that start from now on use it. */
    void prepare(byte[] assignment) {
        if (command().stream().anyMatch(SharedClasses::decidesOtherwise) || !hasJarsOnly()) {
            return;
        }
        try {
            // which is made for its owner alone
            Path archive = Files.createTempDirectory("mutil-dataflow-").resolve("classes.jsa");
            file = archive;
            rehearse(
                    command(List.of("-XX:ArchiveClassesAtExit=" + archive, NO_WORD)),
                    assignment,
                    processes.startTimeout());
            if (!Files.exists(archive)) {
                throw new IOException("the first child has left nothing");
            }
        } catch (TimeoutException e) {
            LOG.log(
                    WARNING,
                    "a first child did not end within " + processes.startTimeout()
                            + ", so children start without shared classes");
            discard();
        } catch (IOException | ExecutionException e) {
            LOG.log(DEBUG, "children start without shared classes", e);
            discard();
        } catch (InterruptedException e) {
            // told by who waits for the children
            Thread.currentThread().interrupt();
            discard();
        }
    }

    private static boolean decidesOtherwise(String argument) {
        return OTHERWISE.stream().anyMatch(argument::startsWith);
    }

    /** Classes in directories are not shared, and the JVM refuses to share any with one on the class path. */
    private static boolean hasJarsOnly() {
        return hasJarsOnly(System.getProperty("java.class.path", ""))
                && hasJarsOnly(System.getProperty("jdk.module.path", ""));
    }

    /** One without a name, among others, is the current directory. */
    static boolean hasJarsOnly(String path) {
        return path.isEmpty()
                || Stream.of(path.split(File.pathSeparator, -1))
                        .noneMatch(part -> part.isEmpty() || Files.isDirectory(Path.of(part)));
    }

    private static void rehearse(List<String> command, byte[] assignment, Duration limit)
            throws IOException, InterruptedException, ExecutionException, TimeoutException {
        ChildProcess child = ChildProcess.builder(new ProcessBuilder(command))
                .pipe(Pipe.builder().format(ChildHost.FORMAT))
                .start();
        try {
            CompletableFuture<Integer> exit = play(child.pipe(), assignment).thenCompose(played -> child.exit());
            int status = exit.get(limit.toNanos(), TimeUnit.NANOSECONDS);
            if (status != 0) {
                throw new IOException("the first child ended with " + status);
            }
        } finally {
            // it may be about to write the file
            var unusedIfEnded =
                    child.process().destroyForcibly().waitFor(LAST_BREATH.toMillis(), TimeUnit.MILLISECONDS);
            var unused = child.closeAsync();
        }
    }

    /** One empty item and the end, so that what deals with these is loaded too. */
    private static CompletableFuture<Void> play(Pipe pipe, byte[] assignment) {
        var script =
                ByteBuffer.allocate(1 + assignment.length).put(Entry.REHEARSE).put(assignment);
        var items = ByteBuffer.allocate(1 + 2 * Integer.BYTES)
                .put(Entry.ITEMS)
                .putInt(0)
                .putInt(0);
        var end = ByteBuffer.allocate(1 + Integer.BYTES).put(Entry.END).putInt(0);
        return pipe.writeAsync(script.flip())
                .thenCompose(written -> pipe.writeAsync(items.flip()))
                .thenCompose(written -> pipe.writeAsync(end.flip()))
                .thenCompose(written -> untilTheEnd(pipe))
                .thenCompose(ended -> pipe.closeOutputAsync());
    }

    private static CompletableFuture<Void> untilTheEnd(Pipe pipe) {
        return pipe.readAsync()
                .thenCompose(frame -> frame == null || frame.get(0) == Entry.ENDED
                        ? CompletableFuture.completedFuture(null)
                        : untilTheEnd(pipe));
    }

    /** Removes the file; what has been started keeps what it has mapped. */
    void discard() {
        Path archive = file;
        file = null;
        if (archive == null) {
            return;
        }
        try {
            Files.deleteIfExists(archive);
            Files.deleteIfExists(requireNonNull(archive.getParent()));
        } catch (IOException e) {
            LOG.log(DEBUG, "shared classes stay behind in " + archive, e);
        }
    }
}
