package io.mutil.dispatch;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * The fields of a class that has nothing but plain positional parameters: one word each, of a type that is quickly converted. It
 * fills them as picocli would; whatever is out of the ordinary it leaves to picocli, errors included.
 */
final class FieldPlan {
    private record Slot(
            Field field,
            Class<?> type,
            boolean required,
            @Nullable String fallback) {}

    private final Slot[] slots;

    private FieldPlan(Slot[] slots) {
        this.slots = slots;
    }

    /**
     * The plan for a class, or null if it needs picocli.
     *
     * @param spec does not expand variables, so that a default is seen to have one
     */
    static @Nullable FieldPlan of(CommandSpec spec) {
        List<PositionalParamSpec> parameters = ClassForm.sorted(spec);
        if (spec.args().size() != parameters.size() || !isPlain(spec)) {
            return null;
        }
        List<Slot> slots = new ArrayList<>();
        for (PositionalParamSpec parameter : parameters) {
            Slot slot = isPlain(parameter, slots.size()) ? slot(parameter) : null;
            if (slot == null) {
                return null;
            }
            slots.add(slot);
        }
        return new FieldPlan(slots.toArray(Slot[]::new));
    }

    private static boolean isPlain(CommandSpec spec) {
        return spec.mixins().isEmpty()
                && spec.argGroups().isEmpty()
                && spec.specElements().isEmpty()
                && spec.parentCommandElements().isEmpty()
                && spec.unmatchedArgsBindings().isEmpty()
                && spec.defaultValueProvider() == null
                && isBuiltIn(spec.preprocessor())
                && isBuiltIn(spec.modelTransformer());
    }

    private static boolean isBuiltIn(@Nullable Object part) {
        return part == null || part.getClass().getEnclosingClass() == CommandLine.class;
    }

    private static boolean isPlain(PositionalParamSpec parameter, int place) {
        var index = parameter.index();
        return index.min() == place
                && index.max() == place
                && !index.isRelative()
                && parameter.arity().max() == 1
                && Converters.hasShortCut(parameter.type())
                && parameter.converters().length == 0
                && parameter.parameterConsumer() == null
                && isBuiltIn(parameter.preprocessor())
                && !parameter.interactive()
                && parameter.splitRegex().isEmpty()
                && isPlainDefault(parameter);
    }

    private static boolean isPlainDefault(ArgSpec parameter) {
        String value = parameter.defaultValue();
        return value == null || (value.indexOf('$') < 0 && !value.equals("_NULL_"));
    }

    private static @Nullable Slot slot(PositionalParamSpec parameter) {
        if (!(parameter.userObject() instanceof Field field) || !field.trySetAccessible()) {
            return null;
        }
        return new Slot(field, parameter.type(), parameter.required(), parameter.defaultValue());
    }

    /** Sets the fields from the words; false if picocli has to do it, with another instance. */
    boolean fill(Object target, Settings settings, List<String> words, int from) {
        int given = words.size() - from;
        if (given > slots.length) {
            return false;
        }
        for (int i = 0; i < slots.length; i++) {
            Slot slot = slots[i];
            String word = i < given ? words.get(from + i) : slot.fallback;
            if (word == null ? slot.required : !set(target, slot, settings, word, i < given)) {
                return false;
            }
        }
        return true;
    }

    private static boolean set(Object target, Slot slot, Settings settings, String word, boolean typed) {
        if (typed && word.startsWith("-")) {
            return false; // it may be taken for an option
        }
        try {
            slot.field.set(target, settings.converters().shortCut(slot.type, word));
            return true;
        } catch (Exception e) {
            return false; // picocli says why
        }
    }
}
