package io.mutil.frame;

import java.lang.reflect.Proxy;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLFeatureNotSupportedException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A result set of one row and one column, of a driver that returns what it is told. */
final class FakeResults {
    private FakeResults() {}

    /** @param converted what the driver makes of the value for the classes that it knows */
    static ResultSet of(int type, String typeName, Object value, Map<Class<?>, Object> converted) {
        var read = new boolean[1];
        ResultSetMetaData about = fake(ResultSetMetaData.class, (method, arguments) -> switch (method) {
            case "getColumnCount" -> 1;
            case "getColumnLabel" -> "value";
            case "getColumnType" -> type;
            case "getColumnTypeName" -> typeName;
            default -> throw new UnsupportedOperationException(method);
        });
        return fake(ResultSet.class, (method, arguments) -> switch (method) {
            case "getMetaData" -> about;
            case "next" -> {
                boolean first = !read[0];
                read[0] = true;
                yield first;
            }
            case "getObject" -> {
                if (arguments.length == 1) {
                    yield value;
                }
                Object made = converted.get((Class<?>) arguments[1]);
                if (made == null) {
                    throw new SQLFeatureNotSupportedException("conversion to " + arguments[1]);
                }
                yield made;
            }
            default -> throw new UnsupportedOperationException(method);
        });
    }

    /** Answers a method by its name. */
    interface Answer {
        @Nullable
        Object to(String method, Object[] arguments) throws Exception;
    }

    static <T> T fake(Class<T> type, Answer answer) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) ->
                        answer.to(method.getName(), arguments == null ? new Object[0] : arguments)));
    }
}
