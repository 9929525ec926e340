package io.mutil.sqlshard;

import java.io.IOException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import java.util.stream.Collector;
import org.sqlite.SQLiteErrorCode;

/** A statement of the caller that reads each file. */
final class Query<T, A> implements FanOut.Task<A> {
    private static final Pattern HARMLESS = Pattern.compile("\\s*(SELECT|WITH|VALUES)\\b", Pattern.CASE_INSENSITIVE);

    private final String sql;
    private final List<Object> parameters;
    private final RowMapper<? extends T> mapper;
    private final Collector<? super T, A, ?> collector;

    Query(String sql, List<?> parameters, RowMapper<? extends T> mapper, Collector<? super T, A, ?> collector) {
        this.sql = sql;
        this.parameters = checked(parameters);
        this.mapper = mapper;
        this.collector = collector;
    }

    private static List<Object> checked(List<?> parameters) {
        List<Object> checked = new ArrayList<>();
        for (Object parameter : parameters) {
            checked.add(checked(parameter));
        }
        return List.copyOf(checked);
    }

    private static Object checked(Object parameter) {
        if (parameter instanceof Integer || parameter instanceof Short || parameter instanceof Byte) {
            return ((Number) parameter).longValue();
        }
        if (parameter instanceof Float real) {
            return real.doubleValue();
        }
        if (parameter instanceof String
                || parameter instanceof byte[]
                || parameter instanceof Long
                || parameter instanceof Double) {
            return parameter;
        }
        throw new IllegalArgumentException(
                "a parameter is " + parameter.getClass().getName() + "; use byte[], String, Long or Double");
    }

    static <T, A, R> R run(FanOut fanOut, List<Shard> shards, Query<T, A> query, Collector<? super T, A, R> collector)
            throws IOException, InterruptedException {
        A all = collector.supplier().get();
        for (A one : fanOut.call(shards, query)) {
            all = collector.combiner().apply(all, one);
        }
        return collector.finisher().apply(all);
    }

    /** What the collector made of the rows of one shard. */
    @Override
    public A on(Shard shard, Cancellation cancellation) throws IOException, InterruptedException {
        shard.settle();
        ReadConnection connection = shard.readers().borrow();
        shard.readers().detach();
        boolean sound = false;
        try (PreparedStatement statement = prepared(connection)) {
            A result = collected(statement, cancellation);
            sound = changesNothing();
            return result;
        } catch (SQLException e) {
            throw explained(e, shard, cancellation);
        } catch (DamagedRowException e) {
            throw e.in(shard.file());
        } finally {
            shard.readers().attach(connection, sound);
        }
    }

    /** A pragma, say, would be felt by those who use the connection next. */
    private boolean changesNothing() {
        return HARMLESS.matcher(sql).lookingAt();
    }

    private PreparedStatement prepared(ReadConnection connection) throws SQLException {
        PreparedStatement statement;
        try {
            statement = connection.jdbc().prepareStatement(sql);
        } catch (SQLException e) {
            if (SqlErrors.code(e) == SQLiteErrorCode.SQLITE_ERROR) {
                throw new IllegalArgumentException("SQLite does not understand the statement: " + e.getMessage(), e);
            }
            throw e;
        }
        try {
            bind(statement);
            return statement;
        } catch (SQLException | RuntimeException e) {
            statement.close();
            throw e;
        }
    }

    private void bind(PreparedStatement statement) throws SQLException {
        if (!hasRows(statement)) {
            throw new IllegalArgumentException(
                    "the statement returns no rows; a query only reads, write with put or remove");
        }
        int expected = statement.getParameterMetaData().getParameterCount();
        if (expected != parameters.size()) {
            throw new IllegalArgumentException("the statement has " + expected + " parameters, but " + parameters.size()
                    + " were given; give one for each ?");
        }
        for (int i = 0; i < expected; i++) {
            Columns.bindPart(statement, i + 1, parameters.get(i));
        }
    }

    private static boolean hasRows(PreparedStatement statement) {
        try {
            return statement.getMetaData().getColumnCount() > 0;
        } catch (SQLException e) {
            // the driver's way to say that there are no columns
            return false;
        }
    }

    private A collected(PreparedStatement statement, Cancellation cancellation) throws SQLException, IOException {
        A all = collector.supplier().get();
        BiConsumer<A, ? super T> accumulator = collector.accumulator();
        cancellation.add(statement);
        try {
            cancellation.check();
            ResultSet rows = statement.executeQuery();
            while (rows.next()) {
                cancellation.check();
                accumulator.accept(all, mapper.map(rows));
            }
            return all;
        } finally {
            cancellation.remove(statement);
        }
    }

    private static IOException explained(SQLException e, Shard shard, Cancellation cancellation) {
        cancellation.check();
        if (SqlErrors.code(e) == SQLiteErrorCode.SQLITE_READONLY) {
            throw new IllegalArgumentException("the statement writes; a query only reads, write with put or remove", e);
        }
        return SqlErrors.explained(e, shard.file());
    }
}
