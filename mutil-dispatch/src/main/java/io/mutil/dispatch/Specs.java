package io.mutil.dispatch;

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

    /** Text for picocli, which formats it. */
    static String[] lines(String text) {
        return text.isEmpty() ? new String[0] : text.replace("%", "%%").split("\n", -1);
    }
}
