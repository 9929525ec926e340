package io.mutil.dispatch;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IllegalFormatException;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/** What an annotated class may not have, as a table could not keep its word with it. */
final class ClassRules {
    private static final String NAMELESS = CommandSpec.create().name();

    private final Class<?> type;
    private final CommandSpec spec;
    private final String name;

    private ClassRules(Class<?> type, CommandSpec spec, String name) {
        this.type = type;
        this.spec = spec;
        this.name = name;
    }

    /**
     * Looks for all of it.
     *
     * @param spec with its texts as they were written
     * @throws IllegalArgumentException if there is any
     */
    static void check(Class<?> type, CommandSpec spec, String name) {
        var rules = new ClassRules(type, spec, name);
        rules.checkCommand();
        rules.checkOrder();
        rules.checkInputs();
        rules.formatted().forEach(rules::checkFormat);
    }

    private void checkCommand() {
        if (name.equals(NAMELESS)) {
            throw new IllegalArgumentException(type + " has no name; annotate it with @Command(name = ...)");
        }
        if (!spec.subcommands().isEmpty()) {
            throw new IllegalArgumentException(
                    type + " has subcommands, which are not run; add each to a group instead");
        }
    }

    /** The console is the server's, not that of whoever typed the line. */
    private void checkInputs() {
        for (ArgSpec arg : spec.args()) {
            if (arg.interactive()) {
                throw new IllegalArgumentException("command " + name + ": " + arg.paramLabel()
                        + " is interactive and would read from the console of this program; take it as an argument");
            }
        }
    }

    private void checkOrder() {
        PositionalParamSpec optional = null;
        for (PositionalParamSpec parameter : ClassForm.sorted(spec)) {
            if (!parameter.required()) {
                optional = parameter;
            } else if (optional != null) {
                throw new IllegalArgumentException("command " + name + ": required " + parameter.paramLabel()
                        + " comes after optional " + optional.paramLabel() + "; put it before, or give it a default");
            }
        }
    }

    /** Picocli would show it as it is, and complain to the standard error each time. */
    private void checkFormat(String text) {
        try {
            var unused = String.format(text);
        } catch (IllegalFormatException e) {
            throw new IllegalArgumentException(
                    "command " + name + ": text " + Quoted.of(text)
                            + " is no format; write %% for a percent sign, %n for the end of a line",
                    e);
        }
    }

    /** What picocli formats of the texts that the class has. */
    private List<String> formatted() {
        UsageMessageSpec usage = spec.usageMessage();
        List<String> texts = new ArrayList<>(headings(usage));
        for (String[] lines :
                List.of(spec.version(), usage.header(), usage.customSynopsis(), usage.description(), usage.footer())) {
            Collections.addAll(texts, lines);
        }
        usage.exitCodeList().forEach((code, text) -> Collections.addAll(texts, code, text));
        spec.args().forEach(arg -> Collections.addAll(texts, arg.description()));
        spec.argGroups().forEach(group -> addHeadings(group, texts));
        return texts;
    }

    private static List<String> headings(UsageMessageSpec usage) {
        return Stream.of(
                        usage.headerHeading(),
                        usage.synopsisHeading(),
                        usage.descriptionHeading(),
                        usage.parameterListHeading(),
                        usage.optionListHeading(),
                        usage.exitCodeListHeading(),
                        usage.footerHeading())
                .toList();
    }

    private static void addHeadings(ArgGroupSpec group, List<String> texts) {
        if (group.heading() != null) {
            texts.add(group.heading());
        }
        group.subgroups().forEach(inner -> addHeadings(inner, texts));
    }
}
