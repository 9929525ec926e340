package io.mutil.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mutil.codec.internal.Waiting;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/** What a connection is used for while it is hurt. */
enum FaultWork {
    FRAMES {
        @Override
        Started begin(Connection from, Connection to, Path dir) {
            return new Started(
                    task(() -> {
                        for (int i = 0; i < FRAME_SIZES.length; i++) {
                            // one at a time, so that the bytes on the wire are always the same
                            Waiting.get(from.writeAsync(frame(i)));
                        }
                        return null;
                    }),
                    arrival(() -> {
                        for (int i = 0; i < FRAME_SIZES.length; i++) {
                            assertThat(to.read()).isEqualTo(frame(i));
                        }
                        return true;
                    }));
        }
    },

    /** More than all buffers hold, for as long as it goes. */
    STREAM {
        @Override
        Started begin(Connection from, Connection to, Path dir) {
            return new Started(
                    task(() -> {
                        for (int i = 0; ; i++) {
                            from.write(ByteBuffer.allocate(STREAMED).putInt(0, i));
                        }
                    }),
                    arrival(() -> {
                        for (int i = 0; ; i++) {
                            assertThat(to.read())
                                    .isEqualTo(ByteBuffer.allocate(STREAMED).putInt(0, i));
                        }
                    }));
        }
    },

    FILE {
        @Override
        Started begin(Connection from, Connection to, Path dir) throws IOException {
            Path source = Files.write(dir.resolve("source"), CONTENT);
            Path inbox = Files.createDirectory(dir.resolve("inbox"));
            Path target = Files.writeString(inbox.resolve("target"), OLD);
            return new Started(from.sendFileAsync(FileToSend.of(source).sha256()), arrival(() -> {
                try {
                    ReceivedFile file = to.receiveFile(target);
                    assertThat(file).isNotNull();
                    assertThat(target).hasBinaryContent(CONTENT);
                    return true;
                } catch (IOException e) {
                    assertThat(target).hasContent(OLD);
                    throw e;
                } finally {
                    assertThat(names(inbox)).containsExactly("target");
                }
            }));
        }
    },

    /** Under the sender's name, and nothing was there before. */
    NAMED_FILE {
        @Override
        Started begin(Connection from, Connection to, Path dir) throws IOException {
            Path source = Files.write(dir.resolve("source"), CONTENT);
            Path inbox = Files.createDirectory(dir.resolve("inbox"));
            FileRoot root = FileRoot.of(inbox);
            CompletableFuture<ReceivedFile> received = root.receiveAsync(to);
            return new Started(
                    from.sendFileAsync(FileToSend.of(source).prefix("day.csv").sha256()), arrival(() -> {
                        try {
                            assertThat(Waiting.get(received)).isNotNull();
                            assertThat(inbox.resolve("day.csv")).hasBinaryContent(CONTENT);
                            assertThat(names(inbox)).containsExactly("day.csv");
                            return true;
                        } catch (IOException e) {
                            assertThat(names(inbox)).isEmpty();
                            throw e;
                        }
                    }));
        }
    },

    REQUEST {
        @Override
        Started begin(Connection from, Connection to, Path dir) {
            Requests asking = Requests.on(from);
            Requests.on(to, request -> UTF_8.encode("heard " + request.remaining()));
            return new Started(CompletableFuture.completedFuture(null), arrival(() -> {
                ByteBuffer answer = asking.ask(ByteBuffer.allocate(1000), Duration.ofSeconds(60));
                assertThat(UTF_8.decode(answer).toString()).isEqualTo("heard 1000");
                return true;
            }));
        }
    },

    CLOSE {
        @Override
        Started begin(Connection from, Connection to, Path dir) {
            return new Started(from.closeAsync(3001, "done"), arrival(() -> {
                assertThat(to.read()).isNull();
                assertThat(to.closeReason()).contains(new CloseReason(3001, "done"));
                return true;
            }));
        }
    };

    /**
     * Work that goes on.
     *
     * @param sent ends when the sender has done his part or has failed
     * @param arrived whether all of it came; false if there was an error instead. Anything else fails it
     */
    record Started(CompletableFuture<?> sent, CompletableFuture<Boolean> arrived) {}

    private static final int[] FRAME_SIZES = {0, 1, 100, 5_000, 70_000};
    private static final int STREAMED = 64 << 10;
    private static final String OLD = "what was there before";
    static final byte[] CONTENT = random(1_300_000);

    /** Whether it ends by itself. */
    boolean ends() {
        return this != STREAM;
    }

    /** How many bytes it sends whatever the way, if they cannot be counted; else zero. */
    long bytes() {
        // a close frame, which others follow; or what is much more than nothing
        return this == CLOSE ? 5 + 2 + 4 : this == STREAM ? 1_500_000 : 0;
    }

    abstract Started begin(Connection from, Connection to, Path dir) throws IOException;

    private static ByteBuffer frame(int number) {
        return ByteBuffer.wrap(Arrays.copyOfRange(CONTENT, number, number + FRAME_SIZES[number]));
    }

    private static byte[] random(int count) {
        byte[] bytes = new byte[count];
        new Random(count).nextBytes(bytes);
        return bytes;
    }

    static List<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static CompletableFuture<Boolean> arrival(Callable<Boolean> reader) {
        return task(() -> {
            try {
                return reader.call();
            } catch (IOException e) {
                return false;
            }
        });
    }

    static <T> CompletableFuture<T> task(Callable<T> body) {
        var done = new CompletableFuture<T>();
        var thread = new Thread(() -> {
            try {
                done.complete(body.call());
            } catch (Throwable e) {
                done.completeExceptionally(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return done;
    }
}
