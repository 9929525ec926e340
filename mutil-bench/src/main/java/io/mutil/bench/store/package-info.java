/** The sharded map beside SQLite and other stores; start with {@link io.mutil.bench.store.StoreDriver}. */
@NullMarked
package io.mutil.bench.store;

import org.jspecify.annotations.NullMarked;
