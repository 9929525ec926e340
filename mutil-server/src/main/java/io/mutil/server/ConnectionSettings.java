package io.mutil.server;

import io.netty.handler.ssl.SslContext;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** The settings that servers and clients of framed connections have in common. */
record ConnectionSettings(
        LinkSettings link,
        Authentication authentication,
        int inboundBufferBytes,
        @Nullable SslContext tls,
        Executor executor) {}
