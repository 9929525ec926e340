package io.mutil.wproxy;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Numbers with units, ports and URIs, as people write them on a command line. */
final class Units {
    private static final int LARGEST_PORT = 65535;

    private static final Pattern NUMBER = Pattern.compile("(\\d{1,15})\\s*([a-z]*)");

    private Units() {}

    private static Matcher number(String text, String examples) {
        Matcher number = NUMBER.matcher(text.strip().toLowerCase(Locale.ROOT));
        if (!number.matches()) {
            throw bad(text, examples);
        }
        return number;
    }

    private static TypeConversionException bad(String text, String examples) {
        return new TypeConversionException("'" + text + "' is not understood; write it as " + examples);
    }

    /** A time, as {@code 20ms}, {@code 5s}, {@code 2m}, {@code 1h}; or zero. */
    static final class ForTime implements ITypeConverter<Duration> {
        private static final String EXAMPLES = "20ms, 5s, 2m, 1h or 0";

        @Override
        public Duration convert(String text) {
            Matcher number = number(text, EXAMPLES);
            long value = Long.parseLong(number.group(1));
            return switch (number.group(2)) {
                case "ms" -> Duration.ofMillis(value);
                case "s" -> Duration.ofSeconds(value);
                case "m" -> Duration.ofMinutes(value);
                case "h" -> Duration.ofHours(value);
                default -> zero(value, text);
            };
        }

        private static Duration zero(long value, String text) {
            if (value != 0) {
                throw bad(text, EXAMPLES);
            }
            return Duration.ZERO;
        }
    }

    /** How many there are of something. */
    static final class ForCount implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) {
            try {
                return Integer.valueOf(text.strip());
            } catch (NumberFormatException e) {
                throw new TypeConversionException("'" + text + "' must be a whole number up to " + Integer.MAX_VALUE);
            }
        }
    }

    /** Bytes, as {@code 65536}, {@code 64k}, {@code 16m}, {@code 1g}; the units are powers of 1024. */
    static final class ForBytes implements ITypeConverter<Long> {
        private static final String EXAMPLES = "65536, 64k, 16m or 1g";

        @Override
        public Long convert(String text) {
            Matcher number = number(text, EXAMPLES);
            int shift = shift(number.group(2), text);
            long value = Long.parseLong(number.group(1));
            if (value > Long.MAX_VALUE >> shift) {
                throw bad(text, EXAMPLES);
            }
            return value << shift;
        }

        private static int shift(String unit, String text) {
            return switch (unit) {
                case "" -> 0;
                case "k" -> 10;
                case "m" -> 20;
                case "g" -> 30;
                default -> throw bad(text, EXAMPLES);
            };
        }
    }

    /** A URI; whether it is one of a WebSocket is for others to say. */
    static final class ForUri implements ITypeConverter<URI> {
        @Override
        public URI convert(String text) {
            try {
                return new URI(text);
            } catch (URISyntaxException e) {
                throw new TypeConversionException(
                        "'" + withoutSecrets(text) + "' must be a URI as ws://host:port/path or wss://host:port/path");
            }
        }

        /** A user and a query may hold some. */
        private static String withoutSecrets(String text) {
            return text.replaceFirst("\\?.*", "?...").replaceFirst("//[^/]*@", "//...@");
        }
    }

    /** A port, or zero for a free one. */
    static final class ForPort implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) {
            int port = text.matches("\\d{1,5}") ? Integer.parseInt(text) : LARGEST_PORT + 1;
            if (port > LARGEST_PORT) {
                throw new TypeConversionException("'" + text + "' must be a number from 0 to " + LARGEST_PORT);
            }
            return port;
        }
    }
}
