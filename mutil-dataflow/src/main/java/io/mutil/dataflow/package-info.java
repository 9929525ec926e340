/**
 * Topologies: items enter at an ingress, pass levels of workers, and leave at one or more egresses.
 *
 * <p>Start at {@link io.mutil.dataflow.Dataflow}, which describes a topology and starts it; {@link
 * io.mutil.dataflow.RunningDataflow} is one that runs.
 *
 * <p><b>Ingresses.</b> {@link io.mutil.dataflow.WebSocketIngress} and {@link io.mutil.dataflow.FramedIngress} listen or
 * connect, {@link io.mutil.dataflow.PipeIngress} reads pipes of other processes, and {@link
 * io.mutil.dataflow.Ingress#pulling} takes what this process has. Several can be one:
 *
 * <pre>{@code
 * JsonCodec<Long> json = JsonCodec.of(Long.class);
 * KeySource keys = () -> Keys.of(Files.readAllBytes(Path.of("feed.key")));
 * Ingress<Long> in = Ingress.merge(
 *         FramedIngress.listen(Endpoint.unix(Path.of("numbers.sock")), keys, json),
 *         WebSocketIngress.connect(URI.create("ws://127.0.0.1:6222/"), json),
 *         PipeIngress.of(json, PipeOpener.child(() -> ChildProcess.start(new ProcessBuilder("./feed")))));
 * }</pre>
 *
 * <p><b>Workers</b> of a level, {@link io.mutil.dataflow.Workers}, run on threads of this process or, with {@link
 * io.mutil.dataflow.Processes}, in child JVMs. Those made by {@link io.mutil.dataflow.Workers#startedBy} have state of their
 * own; {@link io.mutil.dataflow.Workers#tickEvery} calls them from time to time, and {@link
 * io.mutil.dataflow.Worker#finish} follows the last item. {@link io.mutil.dataflow.Supervision} says what becomes of one that
 * fails.
 *
 * <p><b>Egresses.</b> {@link io.mutil.dataflow.WebSocketEgress} and {@link io.mutil.dataflow.FramedEgress} listen or connect,
 * and {@link io.mutil.dataflow.Egress#into} gives items to this process. An egress waits for a peer whose queue is
 * full, and with it the whole topology, until that peer has taken no byte for 10 seconds and is disconnected; {@link
 * io.mutil.dataflow.SlowReader} chooses otherwise. What it has for nobody is discarded and counted. A level that
 * connects does so again after every end of its connection. Bytes pass unread with {@link
 * io.mutil.codec.BytesCodec}.
 *
 * <p><b>Queues.</b> Every one is bounded; its {@link io.mutil.dataflow.Edge} says how long it is and what happens when it is full.
 *
 * <p><b>Threads.</b> Workers hold no thread while idle. They run on virtual threads from JDK 21 on, before that on one daemon
 * thread per processor; give workers that block an executor of their own with {@link
 * io.mutil.dataflow.ThreadRuntime.Builder#executor}. {@link io.mutil.dataflow.DataflowDriver} runs a topology step by step on
 * the thread of a test.
 */
@NullMarked
package io.mutil.dataflow;

import org.jspecify.annotations.NullMarked;
