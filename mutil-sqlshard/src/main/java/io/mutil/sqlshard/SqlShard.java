package io.mutil.sqlshard;

/** A sharded map. */
public final class SqlShard {
    private SqlShard() {}
}
