package io.mutil.wproxy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.function.Function;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Finds the keys of what the upstream sends.
 *
 * <p>A message is a JSON array of objects, or one object; each object is an element, which goes to the subscribers of its
 * keys byte for byte as it came. With {@link #message} a message can be anything, and is one element.
 *
 * <p>If a function throws, the whole message counts as one without keys: only subscribers to everything get it,
 * {@link Stats#illegible} counts it, and the log warns of it at most once a minute. So with a {@link StackOverflowError} or a
 * {@link NoClassDefFoundError}. Other errors of the JVM, as {@link OutOfMemoryError}, end the connection to the upstream, and
 * the proxy makes a new one.
 *
 * <p>Immutable. Keys are compared as they are, with case.
 *
 * <pre>{@code
 * WProxy.builder(feed).keysOf(KeyExtractor.field("symbol"))
 * WProxy.builder(feed).keysOf(KeyExtractor.json(element -> List.of(element.at("/instrument/id").asString())))
 * }</pre>
 */
public final class KeyExtractor {
    private final Extraction extraction;
    private final String description;

    /** Finds elements and keys in the bytes from an index to before another. */
    @FunctionalInterface
    interface Extraction {
        /** Notes what it finds; throws what it likes, mostly a {@link JacksonException}, at what it does not understand. */
        void find(byte[] bytes, int from, int to, Found found);
    }

    private KeyExtractor(Extraction extraction, String description) {
        this.extraction = extraction;
        this.description = description;
    }

    /**
     * The value of a field of each element, a string or a number; the last one if it is there several times. An element
     * without it has no key. The fastest choice: a scanner walks over the bytes once, and makes nothing of them.
     */
    public static KeyExtractor field(String name) {
        byte[] field = name.getBytes(UTF_8);
        return new KeyExtractor(
                (bytes, from, to, found) -> new FieldScanner(name, field, bytes, from, to, found).scan(),
                "the field " + name);
    }

    /** What a function makes of each element. Called on the loop of the upstream, so it must not block. */
    public static KeyExtractor json(Function<? super JsonNode, ? extends Collection<String>> keysOf) {
        return new KeyExtractor(new NodeExtraction(requireNonNull(keysOf, "keysOf")), "a function of JSON");
    }

    /**
     * What a function makes of the bytes of each message, text or binary, which it may read but not change. Called on the
     * loop of the upstream, so it must not block.
     */
    public static KeyExtractor message(Function<? super ByteBuffer, ? extends Collection<String>> keysOf) {
        requireNonNull(keysOf, "keysOf");
        return new KeyExtractor(
                (bytes, from, to, found) -> {
                    ByteBuffer view =
                            ByteBuffer.wrap(bytes, from, to - from).slice().asReadOnlyBuffer();
                    keysOf.apply(view).forEach(found::addKey);
                    found.add(from, to);
                },
                "a function of bytes");
    }

    /** Clears what was found before. If it throws, nothing is found. */
    void find(byte[] bytes, int from, int to, Found found) {
        found.clear();
        try {
            extraction.find(bytes, from, to, found);
        } catch (Throwable e) {
            found.clear();
            throw e;
        }
    }

    /** As a part of a sentence. */
    String description() {
        return description;
    }

    @Override
    public String toString() {
        return "KeyExtractor[" + description + "]";
    }
}
