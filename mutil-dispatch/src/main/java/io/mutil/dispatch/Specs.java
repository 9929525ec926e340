package io.mutil.dispatch;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;

/** What the command specs of a table have in common. */
final class Specs {
    /** Half of a surrogate pair, which no decoder of text makes. */
    private static final String NEVER_TYPED = "\uDC00--";

    private Specs() {}

    /** Takes every word as it is: no options, no end of options, nothing after {@code @} is a file, nothing after $ a variable. */
    static CommandSpec literal(CommandSpec spec) {
        spec.parser()
                .expandAtFiles(false)
                .unmatchedOptionsArePositionalParams(true)
                .endOfOptionsDelimiter(NEVER_TYPED); // as "--" is a word like any other
        return spec.interpolateVariables(false);
    }

    /** The synopsis, on one line. */
    static String synopsis(CommandSpec spec) {
        return new CommandLine(spec)
                .getHelp()
                .synopsis(0)
                .replaceAll("\\s+", " ")
                .trim();
    }

    static List<String> usage(CommandSpec spec) {
        return new CommandLine(spec).getUsageMessage(Ansi.OFF).lines().toList();
    }

    /** Text of a command for picocli, which formats it, and expands variables unless told otherwise. */
    static String[] lines(CommandSpec spec, String text) {
        String escaped = text.replace("%", "%%");
        return lines(spec.interpolateVariables() ? escaped.replace("$", "$$") : escaped);
    }

    /** Text for picocli as it is; that of a parameter is formatted only where variables are expanded. */
    static String[] lines(String text) {
        return text.isEmpty() ? new String[0] : text.split("\n", -1);
    }

    /** The lines of a footer, whose variables picocli expands when it shows them, and not twice. */
    static List<String> writtenFooter(CommandSpec spec) {
        boolean expands = spec.interpolateVariables();
        List<String> footer = new ArrayList<>(
                List.of(spec.interpolateVariables(false).usageMessage().footer()));
        spec.interpolateVariables(expands);
        return footer;
    }
}
