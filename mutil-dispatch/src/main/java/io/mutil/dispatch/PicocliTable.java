package io.mutil.dispatch;

import io.mutil.dispatch.Level.Target;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** A table as a {@link CommandLine}, whose commands are run as the table runs them. */
final class PicocliTable<S> {
    /** Runs a command with its arguments. */
    interface Runner<S> {
        @Nullable
        Object run(Job<S> job) throws Exception;
    }

    private final Table<S> table;
    private final Runner<S> runner;
    private final Map<CommandSpec, Target<S>> targets = new HashMap<>();

    private PicocliTable(Table<S> table, Runner<S> runner) {
        this.table = table;
        this.runner = runner;
    }

    static <S> CommandLine of(Table<S> table, String name, Runner<S> runner) {
        var picocli = new PicocliTable<>(table, runner);
        CommandSpec spec = picocli.group(table.top()).name(name);
        return table.settings()
                .converters()
                .register(new CommandLine(spec).setExecutionStrategy(picocli::execute))
                .setExpandAtFiles(false);
    }

    private CommandSpec group(Level<S> level) {
        CommandSpec spec = CommandSpec.create();
        for (Target<S> target : level.targets()) {
            Verb<S> verb = target.verb();
            if (verb == null) {
                Level<S> inner = Objects.requireNonNull(target.level());
                spec.addSubcommand(inner.group().name(), group(inner));
            } else {
                CommandSpec command = verb.spec(table.settings(), verb.name())
                        .aliases(verb.aliases().toArray(String[]::new));
                targets.put(command, target);
                spec.addSubcommand(verb.name(), command);
            }
        }
        return spec;
    }

    private int execute(ParseResult result) {
        Integer help = CommandLine.executeHelpRequest(result);
        if (help != null) {
            return help;
        }
        List<CommandLine> lines = result.asCommandLineList();
        CommandLine last = lines.get(lines.size() - 1);
        Target<S> target = targets.get(last.getCommandSpec());
        if (target == null) {
            throw new ParameterException(last, "a command is missing");
        }
        last.setExecutionResult(run(target, Objects.requireNonNull(target.verb()), last));
        return last.getCommandSpec().exitCodeOnSuccess();
    }

    private @Nullable Object run(Target<S> target, Verb<S> verb, CommandLine line) {
        try {
            return runner.run(table.job(target, verb, values -> verb.form().prepared(table.settings(), line, values)));
        } catch (DispatchException e) {
            throw new ParameterException(line, String.valueOf(e.getMessage()), e);
        } catch (Exception e) {
            throw new ExecutionException(line, "command " + target.path() + " failed: " + e, e);
        }
    }
}
