package io.mutil.dispatch;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.TypeConversionException;

/** A function and its arguments. */
final class ArgsForm<S> implements Form<S> {
    private final Operation<S> operation;
    private final Arg<?>[] args;
    private final int required;

    ArgsForm(String name, Operation<S> operation, Arg<?>[] args) {
        this.operation = operation;
        this.args = args.clone();
        for (int i = 0; i + 1 < args.length; i++) {
            checkOrder(name, args[i], args[i + 1]);
        }
        int count = 0;
        for (int i = 0; i < args.length; i++) {
            checkName(name, i);
            count += args[i].isRequired() ? 1 : 0;
        }
        required = count;
    }

    private static void checkOrder(String name, Arg<?> arg, Arg<?> next) {
        if (arg.isRest()) {
            throw new IllegalArgumentException(
                    "command " + name + ": " + next + " comes after the rest " + arg + "; put the rest last");
        }
        if (!arg.isRequired() && next.isRequired()) {
            throw new IllegalArgumentException("command " + name + ": required " + next + " comes after optional " + arg
                    + "; put it before, or give it a default");
        }
    }

    private void checkName(String name, int index) {
        for (int i = 0; i < index; i++) {
            if (args[i].name().equals(args[index].name())) {
                throw new IllegalArgumentException(
                        "command " + name + ": two arguments are called " + args[i].name() + "; rename one");
            }
        }
    }

    @Override
    public Arg<?>[] args() {
        return args;
    }

    @Override
    public Operation<S> prepare(Settings settings, List<String> words, int from, @Nullable Object[] values)
            throws BadValue {
        int given = words.size() - from;
        if (given < required) {
            throw new BadValue("<" + args[given].name() + "> is missing");
        }
        if (given > args.length && !settings.ignoreSurplus() && !endsWithRest()) {
            throw new BadValue("there is no argument for " + Quoted.of(words.get(from + args.length)));
        }
        for (int i = 0; i < args.length; i++) {
            values[i] = args[i].read(settings.converters(), words, from + i);
        }
        return operation;
    }

    private boolean endsWithRest() {
        return args.length > 0 && args[args.length - 1].isRest();
    }

    @Override
    public CommandSpec spec(Settings settings) {
        CommandSpec spec = Specs.literal(CommandSpec.create());
        spec.parser().unmatchedArgumentsAllowed(settings.ignoreSurplus());
        for (int i = 0; i < args.length; i++) {
            spec.addPositional(parameter(settings.converters(), args[i], i));
        }
        return spec;
    }

    private static PositionalParamSpec parameter(Converters converters, Arg<?> arg, int index) {
        var parameter = PositionalParamSpec.builder()
                .paramLabel("<" + arg.name() + ">")
                .arity(arg.arity())
                .required(arg.isRequired())
                .description(Specs.lines(arg.helpText()))
                .completionCandidates(() -> List.copyOf(arg.candidates()).iterator());
        if (arg.isRest()) {
            parameter.index(index + "..*").type(List.class).auxiliaryTypes(String.class);
        } else {
            parameter.index(String.valueOf(index)).type(Object.class).converters(word -> value(converters, arg, word));
        }
        return parameter.build();
    }

    private static @Nullable Object value(Converters converters, Arg<?> arg, String word) {
        try {
            return arg.read(converters, List.of(word), 0);
        } catch (BadValue e) {
            throw new TypeConversionException(e.reason());
        }
    }

    @Override
    public Operation<S> prepared(Settings settings, CommandLine parsed, @Nullable Object[] values) throws BadValue {
        List<String> words = new ArrayList<>();
        parsed.getCommandSpec().positionalParameters().stream()
                .sorted(Comparator.comparing(PositionalParamSpec::index))
                .forEach(parameter -> words.addAll(parameter.originalStringValues()));
        return prepare(settings, words, 0, values);
    }

    @Override
    public String description() {
        return Description.of(operation);
    }

    @Override
    public boolean isHidden() {
        return false;
    }

    @Override
    public List<String> candidates(Settings settings, List<String> words, int from) {
        int index = words.size() - 1 - from;
        if (index >= args.length && !endsWithRest()) {
            return List.of();
        }
        return List.copyOf(args[Math.min(index, args.length - 1)].candidates());
    }
}
