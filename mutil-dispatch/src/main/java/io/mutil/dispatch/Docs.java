package io.mutil.dispatch;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What {@link HelpProcessor} kept. */
final class Docs {
    /** Forgets a class when its loader goes. */
    private static final ClassValue<Optional<String>> TEXTS = new ClassValue<>() {
        @Override
        protected Optional<String> computeValue(Class<?> type) {
            return Optional.ofNullable(read(type));
        }
    };

    private Docs() {}

    /**
     * The comment of a class as plain text; its first line is the first sentence.
     *
     * @return null if it had none, or was compiled without the processor
     */
    static @Nullable String of(Class<?> type) {
        return TEXTS.get(type).orElse(null);
    }

    static String resource(String binaryName) {
        return "META-INF/mutil/help/" + binaryName + ".txt";
    }

    private static @Nullable String read(Class<?> type) {
        try (InputStream in = type.getModule().getResourceAsStream(resource(type.getName()))) {
            String text = in == null ? "" : new String(in.readAllBytes(), UTF_8);
            return text.isEmpty() ? null : text;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the help text of " + type.getName(), e);
        }
    }
}
