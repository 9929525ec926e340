package io.mutil.dataflow;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Several ingresses as one level. */
final class MergedIngress<T> extends Ingress<T> {
    private final List<Ingress<T>> parts;

    @SuppressWarnings("unchecked") // what a part sends are items of T
    MergedIngress(List<Ingress<? extends T>> parts) {
        this.parts = (List<Ingress<T>>) (List<?>) List.copyOf(parts);
    }

    @Override
    List<String> names(String name) {
        List<String> names = new ArrayList<>(super.names(name));
        for (int i = 0; i < parts.size(); i++) {
            names.addAll(parts.get(i).names(partName(name, i)));
        }
        return names;
    }

    @Override
    public Ingress<T> supervise(Supervision supervision) {
        throw new IllegalStateException("a merged ingress has no supervision; call supervise on its parts");
    }

    private String partName(String name, int index) {
        return parts.get(index).partName(name + "-" + (index + 1));
    }

    @Override
    int senders(FlowLoops loops) {
        return parts.stream().mapToInt(part -> part.senders(loops)).sum();
    }

    @Override
    OpenIngress open(String name, FlowContext context, FlowLoops loops, List<Sender<T>> senders, Stage stage)
            throws IOException {
        Map<String, OpenIngress> open = new LinkedHashMap<>();
        var merged = new OpenParts(open);
        int first = 0;
        try {
            for (int i = 0; i < parts.size(); i++) {
                Ingress<T> part = parts.get(i);
                int end = first + part.senders(loops);
                String partName = partName(name, i);
                open.put(partName, part.start(partName, context, loops, senders.subList(first, end), stage));
                first = end;
            }
        } catch (IOException | RuntimeException | Error e) {
            merged.closeAsync().join();
            throw e;
        }
        return merged;
    }

    private record OpenParts(Map<String, OpenIngress> parts) implements OpenIngress {
        @Override
        public void begin() {
            parts.values().forEach(OpenIngress::begin);
        }

        @Override
        public void stop() {
            parts.values().forEach(OpenIngress::stop);
        }

        @Override
        public long failures() {
            return parts.values().stream().mapToLong(OpenIngress::failures).sum();
        }

        @Override
        public int connections() {
            return parts.values().stream().mapToInt(OpenIngress::connections).sum();
        }

        @Override
        public long restarts() {
            return parts.values().stream().mapToLong(OpenIngress::restarts).sum();
        }

        @Override
        public boolean isUnconnected() {
            return parts.values().stream().anyMatch(OpenIngress::isUnconnected);
        }

        @Override
        public Map<String, URI> uris(String level) {
            Map<String, URI> uris = new LinkedHashMap<>();
            parts.forEach((name, part) -> uris.putAll(part.uris(name)));
            return uris;
        }

        @Override
        public CompletableFuture<Void> closeAsync() {
            return CompletableFuture.allOf(
                    parts.values().stream().map(OpenIngress::closeAsync).toArray(CompletableFuture<?>[]::new));
        }
    }

    @Override
    public String toString() {
        return String.join(" and ", parts.stream().map(Description::of).toList());
    }
}
