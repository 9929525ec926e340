package io.mutil.wproxy;

import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/** Where things are, as people write and read it. */
final class Addresses {
    private Addresses() {}

    /** As {@code 127.0.0.1:6222} or {@code [::1]:6222}. */
    static String text(SocketAddress address) {
        return address instanceof InetSocketAddress internet
                ? NetUtil.toSocketAddressString(internet)
                : String.valueOf(address);
    }
}
