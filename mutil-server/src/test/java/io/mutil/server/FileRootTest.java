package io.mutil.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileRootTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path dir;

    @SuppressWarnings("NullAway.Init")
    private Path inside;

    @SuppressWarnings("NullAway.Init")
    private Path outside;

    @BeforeEach
    void directories() throws IOException {
        inside = Files.createDirectory(dir.resolve("inside"));
        outside = Files.createDirectory(dir.resolve("outside"));
        Files.writeString(outside.resolve("victim"), "untouched");
    }

    private static void put(FileRoot root, String name, String content) throws IOException {
        try (PartFile file = root.begin(FileName.parse(UTF_8.encode(name)), 0, null)) {
            file.write(UTF_8.encode(content));
            file.complete();
        }
    }

    private void assertUntouched() throws IOException {
        assertThat(names(outside)).containsExactly("victim");
        assertThat(outside.resolve("victim")).hasContent("untouched");
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(p -> !p.equals(directory))
                    .map(p -> directory.relativize(p).toString())
                    .sorted()
                    .toList();
        }
    }

    @Test
    void putsFilesUnderTheirNames() throws Exception {
        FileRoot root = FileRoot.of(inside);

        put(root, "a.txt", "one");
        put(root, "2026/11/b.txt", "two");
        put(root, "2026/11/b.txt", "three");

        assertThat(inside.resolve("a.txt")).hasContent("one");
        assertThat(inside.resolve("2026/11/b.txt")).hasContent("three");
        assertThat(names(inside)).containsExactly("2026", "2026/11", "2026/11/b.txt", "a.txt");
    }

    @ParameterizedTest
    @ValueSource(strings = {"link/x", "link/victim", "link/sub/x", "link/../victim"})
    void refusesToPassALinkThatLeadsOut(String name) throws Exception {
        Files.createSymbolicLink(inside.resolve("link"), outside);

        assertThatThrownBy(() -> put(FileRoot.of(inside), name, "x")).isInstanceOf(FileRefusal.class);
        assertUntouched();
        assertThat(names(inside)).containsExactly("link");
    }

    @Test
    void refusesALinkAsTheFileItself() throws Exception {
        Files.createSymbolicLink(inside.resolve("link"), outside.resolve("victim"));

        assertThatThrownBy(() -> put(FileRoot.of(inside), "link", "x"))
                .isInstanceOf(FileRefusal.class)
                .hasMessageContaining("symbolic link");
        assertUntouched();
    }

    @Test
    void refusesALinkToNowhere() throws Exception {
        Files.createSymbolicLink(inside.resolve("link"), outside.resolve("new"));

        assertThatThrownBy(() -> put(FileRoot.of(inside), "link", "x")).isInstanceOf(FileRefusal.class);
        assertThatThrownBy(() -> put(FileRoot.of(inside), "link/x", "x")).isInstanceOf(FileRefusal.class);
        assertUntouched();
    }

    @Test
    void refusesALinkThatStaysInside() throws Exception {
        Files.createDirectory(inside.resolve("real"));
        Files.createSymbolicLink(inside.resolve("link"), inside.resolve("real"));

        assertThatThrownBy(() -> put(FileRoot.of(inside), "link/x", "x")).hasMessageContaining("symbolic link");
        assertThat(names(inside)).containsExactly("link", "real");
    }

    @Test
    void refusesADirectoryAsTheFile() throws Exception {
        Files.createDirectory(inside.resolve("sub"));

        assertThatThrownBy(() -> put(FileRoot.of(inside), "sub", "x")).hasMessageContaining("is a directory");
    }

    @Test
    void refusesAFileAsADirectory() throws Exception {
        Files.writeString(inside.resolve("file"), "old");

        assertThatThrownBy(() -> put(FileRoot.of(inside), "file/x", "x")).hasMessageContaining("no directory");
        assertThat(inside.resolve("file")).hasContent("old");
    }

    @Test
    void rootMayItselfBeReachedThroughALink() throws Exception {
        Path link = Files.createSymbolicLink(dir.resolve("link"), inside);
        FileRoot root = FileRoot.of(link);
        Files.delete(link);
        Files.createSymbolicLink(link, outside);

        put(root, "a/b", "x");

        assertThat(inside.resolve("a/b")).hasContent("x");
        assertUntouched();
    }

    @Test
    void rootMustBeADirectory() {
        assertThatThrownBy(() -> FileRoot.of(dir.resolve("none")))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("make the directory first");
        assertThatThrownBy(() -> FileRoot.of(outside.resolve("victim"))).isInstanceOf(NotDirectoryException.class);
    }

    @Test
    void maximumMustNotBeNegative() throws Exception {
        FileRoot root = FileRoot.of(inside);

        assertThatThrownBy(() -> root.maxBytes(-1)).hasMessageContaining("was -1");
    }

    @Test
    void directoryExchangedForALinkWhileTheFileArrivesChangesNothing() throws Exception {
        FileRoot root = FileRoot.of(inside);
        try (PartFile file = root.begin(FileName.parse(UTF_8.encode("sub/victim")), 0, null)) {
            Files.move(inside.resolve("sub"), inside.resolve("moved"));
            Files.createSymbolicLink(inside.resolve("sub"), outside);
            file.write(UTF_8.encode("x"));
            file.complete();
        }

        assertUntouched();
        assertThat(inside.resolve("moved/victim")).hasContent("x");
    }

    @Test
    @Timeout(30)
    void manyMayMakeTheSameDirectoriesAtOnce() throws Exception {
        FileRoot root = FileRoot.of(inside);
        var all = IntStream.range(0, 16)
                .mapToObj(i -> CompletableFuture.runAsync(() -> {
                    try {
                        put(root, "a/b/c/" + i, "x");
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }))
                .toArray(CompletableFuture[]::new);

        CompletableFuture.allOf(all).get();

        try (Stream<Path> files = Files.list(inside.resolve("a/b/c"))) {
            assertThat(files).hasSize(16);
        }
    }

    @Test
    @Timeout(30)
    void exchangingDirectoriesAllTheTimeNeverLetsAFileOut() throws Exception {
        FileRoot root = FileRoot.of(inside);
        Path sub = inside.resolve("sub");
        var swapper = CompletableFuture.runAsync(() -> {
            for (int i = 0; i < 500; i++) {
                try {
                    Files.createDirectories(sub);
                    Files.move(sub, inside.resolve("kept" + i));
                    Files.createSymbolicLink(sub, outside);
                    Files.delete(sub);
                } catch (IOException e) {
                    assertThat(e).hasMessageContaining("sub"); // which the receiver made at this moment
                }
            }
        });
        while (!swapper.isDone()) {
            try {
                put(root, "sub/victim", "x");
            } catch (IOException e) {
                assertThat(e).hasMessageContaining("sub"); // refused at this moment
            }
        }
        swapper.get();

        assertUntouched();
    }
}
