/**
 * Benchmarks of the suite, each beside the peer it is measured against; start with {@link io.mutil.bench.Bench}, and with
 * {@link io.mutil.bench.EchoDriver} for what goes through sockets.
 *
 * <p>The classes that JMH runs are public and not final, because it extends them.
 */
@NullMarked
package io.mutil.bench;

import org.jspecify.annotations.NullMarked;
