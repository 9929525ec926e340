package io.mutil.wproxy;

import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Where things are, as people write and read it. */
final class Addresses {
    private static final int LARGEST_PORT = 65535;

    private Addresses() {}

    /** As {@code 127.0.0.1:6222} or {@code [::1]:6222}. */
    static String text(SocketAddress address) {
        return address instanceof InetSocketAddress internet
                ? NetUtil.toSocketAddressString(internet)
                : String.valueOf(address);
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
