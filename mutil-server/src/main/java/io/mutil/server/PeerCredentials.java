package io.mutil.server;

/**
 * Who is at the other end of a Unix socket, as the kernel knows it.
 *
 * <p>The process that connected, at the moment it did; it may have passed the socket on since. Only the native
 * transports can ask for it.
 *
 * @param pid process, or 0 where the system does not tell
 * @param uid effective user
 * @param gid effective group
 */
public record PeerCredentials(int pid, int uid, int gid) {}
