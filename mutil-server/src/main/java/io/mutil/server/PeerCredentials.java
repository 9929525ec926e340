package io.mutil.server;

import io.mutil.codec.Transport;
import io.netty.channel.Channel;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.kqueue.KQueueDomainSocketChannel;
import java.io.IOException;
import java.util.Optional;

/**
 * Who is at the other end of a Unix socket, as the kernel knows it.
 *
 * <p>The process that connected or listens, at the moment it did; it may have passed the socket on since. Only the
 * native transports can ask for it.
 *
 * @param pid process, or 0 where the system does not tell
 * @param uid effective user
 * @param gid effective group
 */
public record PeerCredentials(int pid, int uid, int gid) {
    /** Whether Unix sockets of this transport tell. */
    static boolean isKnownTo(Transport transport) {
        return transport.name().equals("epoll") || transport.name().equals("kqueue");
    }

    /** Of a connected channel of this transport; empty if it is no Unix socket or does not tell. */
    static Optional<PeerCredentials> of(Transport transport, Channel channel) {
        try {
            return switch (transport.name()) {
                case "epoll" -> Epoll.credentials(channel);
                case "kqueue" -> KQueue.credentials(channel);
                default -> Optional.empty();
            };
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static PeerCredentials of(io.netty.channel.unix.PeerCredentials peer) {
        int[] groups = peer.gids();
        return new PeerCredentials(peer.pid(), peer.uid(), groups.length == 0 ? -1 : groups[0]);
    }

    // apart, because their types are there only with the native transport

    private static final class Epoll {
        static Optional<PeerCredentials> credentials(Channel channel) throws IOException {
            return channel instanceof EpollDomainSocketChannel unix
                    ? Optional.of(of(unix.peerCredentials()))
                    : Optional.empty();
        }
    }

    private static final class KQueue {
        static Optional<PeerCredentials> credentials(Channel channel) throws IOException {
            return channel instanceof KQueueDomainSocketChannel unix
                    ? Optional.of(of(unix.peerCredentials()))
                    : Optional.empty();
        }
    }
}
