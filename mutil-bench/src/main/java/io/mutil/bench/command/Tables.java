package io.mutil.bench.command;

import io.mutil.dispatch.Arg;
import io.mutil.dispatch.Call;
import io.mutil.dispatch.Dispatch;
import io.mutil.dispatch.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Parameters;

/** The same commands for each contestant: {@code buy <symbol> <qty>}, and others that do the same. */
final class Tables {
    private static final Arg<String> SYMBOL = Arg.of("symbol");
    private static final Arg<Integer> QUANTITY = Arg.of("qty", Integer::valueOf)
            .check(q -> q > 0, "must be positive")
            .orElse(1);

    private Tables() {}

    /** One that {@code b} is short for, and others. */
    static List<String> names(int count) {
        List<String> names = new ArrayList<>(List.of("buy"));
        for (int i = 1; i < count; i++) {
            names.add((char) ('c' + i % 20) + "ommand" + i);
        }
        return names;
    }

    static Dispatch<Shares> ofFunctions(List<String> names) {
        var builder = Dispatch.<Shares>builder();
        for (String name : names) {
            builder.add(name, call -> call.state().buy(call.get(SYMBOL), call.get(QUANTITY)), SYMBOL, QUANTITY);
        }
        return builder.build();
    }

    /** The first is a class. */
    static Dispatch<Shares> ofClass(List<String> names) {
        var builder = ofFunctions(names.subList(1, names.size())).toBuilder();
        return builder.add(BuyOperation::new).build();
    }

    /** Picocli with a class, as its manual has it. */
    static CommandLine ofPicocli(List<String> names, Shares shares) {
        var line = new CommandLine(CommandSpec.create());
        names.forEach(name -> line.addSubcommand(name, new BuyCommand(shares)));
        return line.setAbbreviatedSubcommandsAllowed(true);
    }

    /** Picocli without reflection. */
    static CommandLine ofSpecs(List<String> names, Shares shares) {
        CommandSpec root = CommandSpec.create();
        names.forEach(name -> root.addSubcommand(name, spec(shares)));
        return new CommandLine(root).setAbbreviatedSubcommandsAllowed(true);
    }

    private static CommandSpec spec(Shares shares) {
        PositionalParamSpec symbol = PositionalParamSpec.builder()
                .index("0")
                .type(String.class)
                .paramLabel("<symbol>")
                .build();
        PositionalParamSpec quantity = PositionalParamSpec.builder()
                .index("1")
                .type(Integer.class)
                .paramLabel("<qty>")
                .defaultValue("1")
                .build();
        Callable<Long> operation = () -> shares.buy(symbol.getValue(), quantity.<Integer>getValue());
        return CommandSpec.wrapWithoutInspection(operation)
                .addPositional(symbol)
                .addPositional(quantity);
    }

    /** For the table. */
    @Command(name = "buy")
    static final class BuyOperation implements Operation<Shares> {
        @Parameters(index = "0")
        String symbol = "";

        @Parameters(index = "1", defaultValue = "1")
        int quantity;

        @Override
        public Long run(Call<Shares> call) {
            return call.state().buy(symbol, quantity);
        }
    }

    /** For picocli. */
    @Command
    static final class BuyCommand implements Callable<Long> {
        private final Shares shares;

        @Parameters(index = "0")
        String symbol = "";

        @Parameters(index = "1", defaultValue = "1")
        int quantity;

        BuyCommand(Shares shares) {
            this.shares = shares;
        }

        @Override
        public Long call() {
            return shares.buy(symbol, quantity);
        }
    }
}
