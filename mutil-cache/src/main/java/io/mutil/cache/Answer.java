package io.mutil.cache;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A good answer of an origin, and where it came from. Its body can be read as often as one likes. One that is larger than
 * {@link FetchCacheBuilder#memoryEntry} stays on the disk; its file is open until it is read for the first time, as long as not
 * too many are, and unless the answer stands in for one that could not be had. Later, another may have taken its place.
 */
public final class Answer {
    private static final Pattern CHARSET = Pattern.compile("(?i);\\s*charset\\s*=\\s*\"?([^\\s;\"]+)");

    private final Held held;
    private final Source source;
    private final long age;

    Answer(Held held, Source source, long now) {
        this.held = held;
        this.source = source;
        this.age = Math.max(0, now - held.meta().storedAt());
    }

    /** Where it came from. */
    public Source source() {
        return source;
    }

    /** How long ago the origin was asked for it, or confirmed it; never negative. */
    public Duration age() {
        return Duration.ofMillis(age);
    }

    /** When it is due. */
    public Instant freshUntil() {
        return Instant.ofEpochMilli(held.meta().freshUntil());
    }

    /** Its status, 200 for what is no HTTP. */
    public int status() {
        return held.meta().status();
    }

    /**
     * The headers of the response, names in lower case. From a store come those that tell of the body and of its freshness, and
     * those of {@link FetchCacheBuilder#keepHeaders}.
     */
    public Map<String, List<String>> headers() {
        return Owner.without(held.meta().headers());
    }

    /** The first value of a header. */
    public Optional<String> header(String name) {
        List<String> values = headers().getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
        return values.stream().findFirst();
    }

    /** How many bytes its body has. */
    public long length() {
        return held.body().length();
    }

    /**
     * The body from its beginning. Close it.
     *
     * @throws IOException if the body has left the disk meanwhile, or, while reading, if it is damaged; ask the cache again
     */
    public InputStream stream() throws IOException {
        return held.body().open();
    }

    /**
     * A copy of the whole body.
     *
     * @throws IOException as {@link #stream}, or if it is larger than an array
     */
    public byte[] bytes() throws IOException {
        return held.body() instanceof Body.InMemory body ? body.bytes().clone() : readAll();
    }

    /**
     * The body as text, in the charset of its {@code Content-Type}, UTF-8 if it has none.
     *
     * @throws IOException as {@link #bytes}, or if the charset is unknown
     */
    public String text() throws IOException {
        return new String(held.body() instanceof Body.InMemory body ? body.bytes() : readAll(), charset());
    }

    private byte[] readAll() throws IOException {
        if (length() > Integer.MAX_VALUE - 8) {
            throw new IOException("a body of " + length() + " bytes is larger than an array; use stream()");
        }
        try (InputStream in = stream()) {
            return in.readAllBytes();
        }
    }

    private Charset charset() throws IOException {
        List<String> types = held.meta().headers().get("content-type");
        Matcher charset = CHARSET.matcher(types == null || types.isEmpty() ? "" : types.get(0));
        if (!charset.find()) {
            return UTF_8;
        }
        try {
            return Charset.forName(charset.group(1));
        } catch (IllegalArgumentException e) {
            throw new IOException("charset " + charset.group(1) + " is unknown here; use bytes()", e);
        }
    }

    @Override
    public String toString() {
        return "Answer[status=" + status() + ", length=" + length() + ", source=" + source + ", age=" + age() + "]";
    }
}
