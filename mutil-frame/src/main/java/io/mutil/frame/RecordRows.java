package io.mutil.frame;

import static java.util.Objects.requireNonNull;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;

/** Records, read through the accessors of their components. */
final class RecordRows<R extends Record> implements Rows {
    private static final MethodType ACCESSOR = MethodType.methodType(Object.class, Object.class);

    private final List<? extends R> records;
    private final Class<R> type;
    private final RecordComponent[] components;
    private final MethodHandle[] accessors;

    RecordRows(List<? extends R> records, Class<R> type) {
        // every cell asks for its record by number
        this.records = requireNonNull(records, "records") instanceof RandomAccess ? records : new ArrayList<>(records);
        this.type = type;
        if (!type.isRecord()) {
            throw new IllegalArgumentException(type.getName() + " is no record; name the class of the records");
        }
        components = type.getRecordComponents();
        accessors = new MethodHandle[components.length];
        for (int i = 0; i < components.length; i++) {
            accessors[i] = accessor(components[i].getAccessor());
        }
    }

    private MethodHandle accessor(Method accessor) {
        try {
            // a public record in an exported package needs no permission, any other an open package
            var unused = accessor.trySetAccessible();
            return MethodHandles.lookup().unreflect(accessor).asType(ACCESSOR);
        } catch (IllegalAccessException e) {
            String module = type.getModule().getName();
            throw new IllegalArgumentException(
                    "record " + type.getName()
                            + " is not accessible; make it public in an exported package, or add \"opens "
                            + type.getPackageName() + " to io.mutil.frame\" to module " + module,
                    e);
        }
    }

    @Override
    public int columnCount() {
        return components.length;
    }

    @Override
    public int rowCount() {
        return records.size();
    }

    @Override
    public String name(int column) {
        return components[column].getName();
    }

    @Override
    public CellType type(int column) {
        return CellType.of(components[column].getType());
    }

    @Override
    public @Nullable Object cell(int row, int column) {
        Object subject = records.get(row);
        if (subject == null) {
            throw new NullPointerException("record " + row + " is null; leave it out of the list");
        }
        try {
            return accessors[column].invokeExact(subject);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            // accessors of records declare no checked exceptions
            throw new IllegalStateException(e);
        }
    }
}
