package io.mutil.awssig;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Values of options, as people write them on a command line. */
final class SignOptions {
    private static final Pattern TIME = Pattern.compile("([0-9]{1,6})([smhd])");

    private SignOptions() {}

    /** A time, as {@code 30s}, {@code 5m}, {@code 1h} or {@code 7d}. */
    static final class ForTime implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            Matcher time = TIME.matcher(text);
            if (!time.matches()) {
                throw new TypeConversionException("'" + text + "' is not understood; write it as 30s, 5m, 1h or 7d");
            }
            String unit = time.group(2).equals("d") ? "P" : "PT";
            return Duration.parse(unit + time.group(1) + time.group(2));
        }
    }

    /** An absolute URL. */
    static final class ForUri implements ITypeConverter<URI> {
        @Override
        public URI convert(String text) {
            try {
                URI uri = new URI(text);
                if (uri.getScheme() != null && uri.getRawAuthority() != null) {
                    return uri;
                }
            } catch (URISyntaxException e) {
                // told below, without what may be a secret
            }
            throw new TypeConversionException("'" + Request.shown(text)
                    + "' must be a URL as https://host/path, encoded as it is sent, with %20 for a space");
        }
    }

    /** A header, as {@code Name: value}. */
    static final class ForHeader implements ITypeConverter<Map.Entry<String, String>> {
        @Override
        public Map.Entry<String, String> convert(String text) {
            int colon = text.indexOf(':');
            if (colon < 1) {
                throw new TypeConversionException("a header without a colon; write it as 'Content-Type: text/plain'");
            }
            String value = text.substring(colon + 1).strip();
            // what follows a break would be printed as a line of its own
            if (value.indexOf('\n') >= 0 || value.indexOf('\r') >= 0) {
                throw new TypeConversionException(
                        "a header has a line break in its value; leave it out, or encode it, say as %0A");
            }
            return Map.entry(text.substring(0, colon).strip(), value);
        }
    }

    /** How the result is printed. */
    enum Format {
        HEADERS,
        CURL;

        static final class Converter implements ITypeConverter<Format> {
            @Override
            public Format convert(String text) {
                return switch (text) {
                    case "headers" -> HEADERS;
                    case "curl" -> CURL;
                    default -> throw new TypeConversionException("'" + text + "' must be headers or curl");
                };
            }
        }
    }
}
