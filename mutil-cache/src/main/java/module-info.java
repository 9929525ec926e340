/** Fetch cache: memory over disk. */
module io.mutil.cache {
    requires com.github.benmanes.caffeine;
    requires java.net.http;
    requires static org.jspecify;

    exports io.mutil.cache;
}
