package io.mutil.bench.fanout;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * A contestant that connects to the upstream and says on its output where it listens. Its last argument is the address of
 * the upstream; it ends with its input.
 */
final class ProxyProcess implements Proxy {
    private final UpstreamServer upstream;
    private final Child child;
    private final InetSocketAddress address;
    private final boolean jvm;

    private ProxyProcess(UpstreamServer upstream, Child child, boolean jvm) throws IOException {
        this.upstream = upstream;
        this.child = child;
        this.jvm = jvm;
        address = new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(child.readLine()));
    }

    /** @param jvm whether it talks with a {@link ProxyConsole} */
    static ProxyProcess start(Sockets sockets, List<String> command, boolean jvm) throws IOException {
        var upstream = new UpstreamServer(sockets);
        Child child = null;
        try {
            List<String> all = new ArrayList<>(command);
            all.add(upstream.uri().toString());
            child = new Child(all);
            return new ProxyProcess(upstream, child, jvm);
        } catch (IOException | RuntimeException e) {
            upstream.close();
            if (child != null) {
                child.close();
            }
            throw e;
        }
    }

    @Override
    public InetSocketAddress address() {
        return address;
    }

    @Override
    public UpstreamServer inlet() {
        return upstream;
    }

    @Override
    public OptionalLong memoryBytes() throws IOException {
        return jvm ? OptionalLong.of(Long.parseLong(child.ask(ProxyConsole.MEMORY))) : OptionalLong.empty();
    }

    @Override
    public OptionalLong residentBytes() {
        return child.residentBytes();
    }

    @Override
    public void close() {
        child.close();
        upstream.close();
    }
}
