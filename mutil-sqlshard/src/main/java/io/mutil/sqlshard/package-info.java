/**
 * A persistent map over N SQLite files, with keys of several parts, ranges over them, and group commit.
 *
 * <p>Start with {@link io.mutil.sqlshard.SqlShard}.
 */
@NullMarked
package io.mutil.sqlshard;

import org.jspecify.annotations.NullMarked;
