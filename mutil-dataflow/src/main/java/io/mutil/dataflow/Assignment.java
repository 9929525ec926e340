package io.mutil.dataflow;

import io.mutil.codec.Codec;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What a child process is to do, as its parent sends it.
 *
 * @param indexes which workers of the level run there
 * @param width receivers of the next level
 */
record Assignment(
        String level,
        int howMany,
        List<Integer> indexes,
        WorkerFactory<?, ?> factory,
        Codec<?> in,
        Codec<?> out,
        Duration tick,
        Supervision supervision,
        int width)
        implements Serializable {

    /**
     * The bytes of an assignment: the names of its classes, and the object. The child makes objects of these classes and of no
     * others; they are found by a rehearsal here.
     *
     * @throws IOException if something in it cannot be serialised
     */
    byte[] toBytes() throws IOException {
        var object = new ByteArrayOutputStream();
        try (var out = new ObjectOutputStream(object)) {
            out.writeObject(this);
        }
        Set<String> classes = new LinkedHashSet<>();
        read(new ByteArrayInputStream(object.toByteArray()), classes::add);
        var bytes = new ByteArrayOutputStream();
        var data = new DataOutputStream(bytes);
        data.writeInt(classes.size());
        for (String name : classes) {
            data.writeUTF(name);
        }
        object.writeTo(data);
        return bytes.toByteArray();
    }

    /** The reverse of {@link #toBytes}. */
    static Assignment of(ByteBuffer bytes) throws IOException {
        var data = new DataInputStream(
                new ByteArrayInputStream(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining()));
        Set<String> classes = new HashSet<>();
        for (int left = data.readInt(); left > 0; left--) {
            classes.add(data.readUTF());
        }
        return read(data, name -> {
            if (!classes.contains(name)) {
                throw new IllegalStateException("an assignment with a " + name + ", which its parent has not named");
            }
        });
    }

    /** One worker that does nothing to what it gets, and has as much loaded as one that does. */
    Assignment rehearsal() {
        WorkerFactory<?, ?> idle = context -> (item, outlet) -> {};
        return new Assignment(level, 1, List.of(0), idle, in, out, Duration.ZERO, Supervision.skip(), width);
    }

    private static Assignment read(InputStream object, Consumer<String> allows) throws IOException {
        try (var in = new ObjectInputStream(object)) {
            in.setObjectInputFilter(info -> {
                Class<?> type = info.serialClass();
                // a lambda has another name in each process, and comes from a class that is asked for
                if (type != null && !type.isHidden()) {
                    allows.accept(type.getName());
                }
                return ObjectInputFilter.Status.ALLOWED;
            });
            return (Assignment) in.readObject();
        } catch (ClassNotFoundException e) {
            throw new IOException("the class path lacks " + e.getMessage(), e);
        }
    }
}
