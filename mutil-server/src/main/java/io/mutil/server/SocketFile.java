package io.mutil.server;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;

/**
 * The file of a Unix socket. A program that is killed leaves it behind, and then nobody can listen there again until it
 * is removed.
 */
final class SocketFile {
    private static final int TYPE_BITS = 0170000;
    private static final int SOCKET = 0140000;
    private static final Set<PosixFilePermission> OWNER =
            Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    private SocketFile() {}

    /**
     * Makes way for a socket: removes the file of one on which nobody listens any more, and nothing else.
     *
     * @throws BindException if there cannot be a socket here
     */
    static void prepare(Endpoint.Unix endpoint) throws IOException {
        Path file = endpoint.path();
        Path directory = file.toAbsolutePath().getParent();
        if (directory == null || !Files.isDirectory(directory)) {
            throw failure(endpoint, "there is no directory " + directory + "; create it");
        }
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (!isSocket(file)) {
            throw failure(endpoint, "the file is there and is no socket; choose another path, or move it away");
        }
        if (isAnswered(file)) {
            throw failure(endpoint, "another program listens there; stop it, or choose another path");
        }
        Files.deleteIfExists(file);
    }

    private static boolean isSocket(Path file) throws IOException {
        var attributes = Files.readAttributes(file, "unix:mode", LinkOption.NOFOLLOW_LINKS);
        return attributes.get("mode") instanceof Integer mode && (mode & TYPE_BITS) == SOCKET;
    }

    /** Whether somebody listens. When in doubt, as with a full backlog, somebody does. */
    private static boolean isAnswered(Path file) throws IOException {
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            probe.configureBlocking(false);
            var unused = probe.connect(UnixDomainSocketAddress.of(file));
            return true;
        } catch (ConnectException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    private static BindException failure(Endpoint endpoint, String why) {
        return new BindException("cannot listen on " + endpoint + ": " + why);
    }

    /** Lets only processes of the same user connect. */
    static void restrictToOwner(Endpoint.Unix endpoint) throws IOException {
        Files.setPosixFilePermissions(endpoint.path(), OWNER);
    }
}
