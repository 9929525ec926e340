package io.mutil.dispatch;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** A class annotated for picocli, of which each run has its own instance. */
final class ClassForm<S> implements Form<S> {
    private static final Arg<?>[] NONE = {};

    private final Supplier<? extends Operation<S>> factory;
    private final String name;
    private final List<String> aliases;
    private final String description;
    private final boolean hidden;
    private final @Nullable FieldPlan plan;

    ClassForm(Supplier<? extends Operation<S>> factory) {
        this.factory = factory;
        Operation<S> sample = factory.get();
        CommandSpec spec = CommandSpec.forAnnotatedObject(sample);
        name = spec.name();
        aliases = List.of(spec.aliases());
        hidden = spec.usageMessage().hidden();
        description = description(spec, sample);
        spec.interpolateVariables(false);
        ClassRules.check(sample.getClass(), spec, name);
        plan = FieldPlan.of(spec);
    }

    static List<PositionalParamSpec> sorted(CommandSpec spec) {
        return spec.positionalParameters().stream()
                .sorted(Comparator.comparing(PositionalParamSpec::index))
                .toList();
    }

    private static String description(CommandSpec spec, Operation<?> sample) {
        String[] lines = spec.usageMessage().description();
        return lines.length > 0 ? text(lines) : Description.of(sample);
    }

    /** What picocli formats, as text. */
    private static String text(String[] lines) {
        return Ansi.OFF.string(String.join("\n", lines).replace("%n", "\n").replace("%%", "%"));
    }

    String name() {
        return name;
    }

    List<String> aliases() {
        return aliases;
    }

    @Override
    public Arg<?>[] args() {
        return NONE;
    }

    @Override
    public @Nullable Operation<S> prepare(Settings settings, List<String> words, int from, @Nullable Object[] values)
            throws BadValue {
        if (plan != null) {
            Operation<S> operation = factory.get();
            if (plan.fill(operation, settings, words, from)) {
                return operation;
            }
        }
        return parse(settings, words.subList(from, words.size()));
    }

    private @Nullable Operation<S> parse(Settings settings, List<String> words) throws BadValue {
        Operation<S> operation = factory.get();
        CommandLine line = settings.converters().register(new CommandLine(spec(settings, operation)));
        try {
            ParseResult result = line.parseArgs(words.toArray(String[]::new));
            return helpOr(operation, line, result);
        } catch (CommandLine.ParameterException e) {
            throw new BadValue(Quoted.message(e), e);
        }
    }

    private static <S> @Nullable Operation<S> helpOr(Operation<S> operation, CommandLine line, ParseResult result) {
        if (result.isUsageHelpRequested()) {
            return null;
        }
        if (result.isVersionHelpRequested()) {
            var version = new StringWriter();
            line.printVersionHelp(new PrintWriter(version, true), Ansi.OFF);
            return HelpText.showing(version.toString().lines().toList());
        }
        return operation;
    }

    @Override
    public CommandSpec spec(Settings settings) {
        return spec(settings, factory.get());
    }

    private static CommandSpec spec(Settings settings, Operation<?> operation) {
        CommandSpec spec = CommandSpec.forAnnotatedObject(operation);
        spec.parser()
                .expandAtFiles(false) // else whoever types a line reads any file
                .unmatchedArgumentsAllowed(spec.parser().unmatchedArgumentsAllowed() || settings.ignoreSurplus());
        return spec;
    }

    @Override
    @SuppressWarnings("unchecked") // spec() put one of the factory's there
    public Operation<S> prepared(Settings settings, CommandLine parsed, @Nullable Object[] values) {
        return (Operation<S>) parsed.getCommandSpec().userObject();
    }

    @Override
    public String description() {
        return description;
    }

    @Override
    public boolean isHidden() {
        return hidden;
    }

    @Override
    public List<String> candidates(Settings settings, List<String> words, int from) {
        CommandSpec spec = spec(settings);
        String word = words.get(words.size() - 1);
        OptionSpec before = words.size() - 1 > from ? spec.findOption(words.get(words.size() - 2)) : null;
        if (before != null && before.arity().max() > 0) {
            return candidates(before);
        }
        if (word.startsWith("-")) {
            return List.copyOf(spec.optionsMap().keySet());
        }
        int index = positionals(spec, words, from);
        List<String> found = new ArrayList<>();
        for (PositionalParamSpec parameter : spec.positionalParameters()) {
            if (parameter.index().contains(index)) {
                found.addAll(candidates(parameter));
            }
        }
        return found;
    }

    /** How many of the words before the last are no options, nor values of options. */
    private static int positionals(CommandSpec spec, List<String> words, int from) {
        int count = 0;
        for (int i = from; i < words.size() - 1; i++) {
            OptionSpec option = spec.findOption(words.get(i));
            if (option != null) {
                i += option.arity().min();
            } else if (!words.get(i).startsWith("-")) {
                count++;
            }
        }
        return count;
    }

    private static List<String> candidates(ArgSpec spec) {
        Iterable<String> own = spec.completionCandidates();
        if (own == null) {
            Class<?>[] types = spec.auxiliaryTypes();
            return Converters.candidates(types.length > 0 ? types[0] : spec.type());
        }
        List<String> found = new ArrayList<>();
        own.forEach(found::add);
        return found;
    }
}
