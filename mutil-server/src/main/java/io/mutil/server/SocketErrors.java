package io.mutil.server;

import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Says why there is no socket: what was wanted, what is wrong and what to do, without the internals of a transport. */
final class SocketErrors {
    /** What the native transports put before the text of the system, and all of them behind it: the address. */
    private static final Pattern DECORATED = Pattern.compile(
            "(?:\\w+\\(\\.\\.\\) failed with error\\(-?\\d+\\): )?(.+?)(?:: \\S*/\\S+)?", Pattern.DOTALL);

    private static final int FIRST_FREE_FOR_ALL = 1024;

    private SocketErrors() {}

    static BindException unknownHost(Endpoint endpoint) {
        return new BindException(
                "cannot listen on " + endpoint + ": unknown host; check its name, or use an address of this machine");
    }

    /**
     * Why an endpoint cannot be listened on.
     *
     * @param address that the host stands for
     */
    static BindException listenFailure(Endpoint endpoint, InetAddress address, Throwable cause) {
        return listenFailure(endpoint, problem(endpoint, address, reason(cause)), cause);
    }

    static BindException listenFailure(Endpoint.Unix endpoint, Throwable cause) {
        return listenFailure(endpoint, reason(cause) + "; check that its directory may be written to", cause);
    }

    private static BindException listenFailure(Endpoint endpoint, String problem, Throwable cause) {
        var failure = new BindException("cannot listen on " + endpoint + ": " + problem);
        failure.initCause(cause);
        return failure;
    }

    private static String problem(Endpoint endpoint, InetAddress address, String reason) {
        int port = endpoint.port();
        if (!isOfThisMachine(address)) {
            return NetUtil.toAddressString(address) + " is no address of this machine; use " + Addresses.LOOPBACK
                    + " for this machine only, or 0.0.0.0 for all its addresses";
        }
        if (port > 0 && port < FIRST_FREE_FOR_ALL && reason.contains("permission denied")) {
            return "no permission for a port below " + FIRST_FREE_FOR_ALL
                    + "; choose another from there on, or give the " + "program the right to this one";
        }
        if (reason.contains("already in use")) {
            return "the port is in use; stop the program that has it, or choose another (0 is any free one)";
        }
        return reason + "; check the address, or choose another port (0 is any free one)";
    }

    /** Any address of the loopback network will do, though only one of them has an interface. */
    private static boolean isOfThisMachine(InetAddress address) {
        try {
            return address.isAnyLocalAddress()
                    || address.isLoopbackAddress()
                    || NetworkInterface.getByInetAddress(address) != null;
        } catch (SocketException e) {
            // then it is not known, and no reason to say more
            return true;
        }
    }

    /**
     * Why there is no socket.
     *
     * @param target the endpoint as messages may show it
     */
    static IOException connectFailure(Object target, Throwable cause) {
        String problem = cause instanceof UnknownHostException
                ? "unknown host; check its name"
                : reason(cause) + "; check that the server is running and the address is right";
        var failure = new ConnectException("cannot connect to " + target + ": " + problem);
        failure.initCause(cause);
        return failure;
    }

    /**
     * Why there is a socket, and no connection.
     *
     * @param target the endpoint as messages may show it
     */
    static IOException noConnection(Object target, IOException cause) {
        String message = "cannot connect to " + target + ": " + cause.getMessage();
        IOException failure = cause instanceof AuthenticationException
                ? new AuthenticationException(message)
                : new IOException(message);
        failure.initCause(cause);
        return failure;
    }

    /** The text of the system, as a part of a sentence. */
    private static String reason(Throwable cause) {
        String message = cause.getMessage();
        if (message == null) {
            return cause.toString();
        }
        Matcher decorated = DECORATED.matcher(message);
        String plain = decorated.matches() ? decorated.group(1) : message;
        return plain.isEmpty() ? plain : plain.substring(0, 1).toLowerCase(Locale.ROOT) + plain.substring(1);
    }
}
