package io.mutil.frame;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs of their own: in a terminal, without Tablesaw, as a module. */
class ProcessTest {
    /** Runs a command in a pseudo terminal of 57 columns and prints what it writes there; its input is no terminal. */
    private static final String IN_TERMINAL = """
            import fcntl, os, pty, struct, subprocess, sys, termios
            ours, theirs = pty.openpty()
            fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack('HHHH', 24, 57, 0, 0))
            child = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs)
            os.close(theirs)
            text = b''
            while True:
                try:
                    piece = os.read(ours, 65536)
                except OSError:
                    break
                if not piece:
                    break
                text += piece
            sys.stdout.buffer.write(text)
            sys.exit(child.wait())
            """;

    private static List<String> program(String... more) {
        List<String> command = new ArrayList<>(List.of(
                Child.java(),
                "-Dfile.encoding=UTF-8",
                "-Dsun.stdout.encoding=UTF-8",
                "-Dsun.stderr.encoding=UTF-8",
                "-Dstdout.encoding=UTF-8",
                "-Dstderr.encoding=UTF-8",
                "-cp",
                Child.classPath(),
                Child.class.getName()));
        command.addAll(List.of(more));
        return command;
    }

    private static ProcessBuilder terminal(List<String> command) {
        List<String> all = new ArrayList<>(List.of("python3", "-c", IN_TERMINAL));
        all.addAll(command);
        return bare(all);
    }

    private static ProcessBuilder bare(List<String> command) {
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().keySet().removeAll(List.of("COLUMNS", "NO_COLOR"));
        builder.environment().put("TERM", "xterm");
        return builder;
    }

    private static String output(ProcessBuilder builder) throws Exception {
        Process process = builder.start();
        try {
            String output = new String(process.getInputStream().readAllBytes(), UTF_8);
            assertThat(process.waitFor()).as(output).isZero();
            return output.replace("\r\n", "\n");
        } finally {
            process.destroyForcibly();
        }
    }

    private static void assumePython() throws InterruptedException {
        try {
            int status =
                    new ProcessBuilder("python3", "-c", "import pty").start().waitFor();
            assumeTrue(status == 0, "skipped: python3 has no pty here");
        } catch (IOException e) {
            assumeTrue(false, "skipped because Python is absent: install it so that 'python3 --version' works");
        }
    }

    private static int widest(String page) {
        return page.lines().mapToInt(new CellText(false, true)::width).max().orElse(0);
    }

    @Test
    void aTerminalGetsItsWidthAndColours() throws Exception {
        assumePython();

        String page = output(terminal(program("out")));

        assertThat(widest(page)).isEqualTo(57);
        assertThat(page)
                .contains("\u001b[1msymbol\u001b[0m", "\u001b[31m-200\u001b[0m", "note", "2 rows, 4 columns, 1 cut");
    }

    @Test
    void theStandardErrorIsAskedForItself() throws Exception {
        assumePython();
        ProcessBuilder terminal = terminal(program("err"));
        terminal.environment().put("NO_COLOR", "1");

        String page = output(terminal);

        assertThat(page).contains("symbol").doesNotContain("\u001b");
        assertThat(widest(page)).isEqualTo(57);
    }

    @Test
    void aPipeGetsEightyColumnsNoColoursAndNeedsNoTablesaw() throws Exception {
        String page = output(bare(program()));

        assertThat(page).doesNotContain("\u001b").contains("│ 1 │ トヨタ │   -200 │  18.25 │");
        assertThat(widest(page)).isEqualTo(80);
    }

    @Test
    void aModuleIsToldToOpenItsRecords(@TempDir Path folder) throws Exception {
        Optional<ToolProvider> compiler = ToolProvider.findFirst("javac");
        assumeTrue(compiler.isPresent(), "skipped: this JVM brings no compiler");
        Path sources = Files.createDirectories(folder.resolve("shop"));
        Files.writeString(folder.resolve("module-info.java"), "module shop { requires io.mutil.frame; }");
        Files.writeString(sources.resolve("Main.java"), """
                package shop;
                import io.mutil.frame.*;
                import java.util.List;
                public class Main {
                    record Item(String name, int count) {}
                    public static void main(String[] args) {
                        try {
                            System.out.print(FramePrinter.builder().width(80).border(Border.ASCII).build()
                                    .format(Rows.ofRecords(List.of(new Item("tea", 3)), Item.class)));
                        } catch (IllegalArgumentException e) {
                            System.out.println(e.getMessage());
                        }
                    }
                }
                """);
        String modulePath = Child.modulePath();
        compile(compiler.get(), folder, modulePath);
        List<String> command = new ArrayList<>(List.of(
                Child.java(),
                "-p",
                folder.resolve("classes") + File.pathSeparator + modulePath,
                "-m",
                "shop/shop.Main"));

        assertThat(output(bare(command)))
                .isEqualTo(
                        "record shop.Main$Item is not accessible; make it public in an exported package, or add \"opens shop to"
                                + " io.mutil.frame\" to module shop\n");
        command.addAll(1, List.of("--add-opens", "shop/shop=io.mutil.frame"));
        assertThat(output(bare(command))).contains("| 0 | tea  |     3 |");
    }

    private static void compile(ToolProvider compiler, Path folder, String modulePath) {
        var complaints = new StringWriter();
        var out = new PrintWriter(complaints);
        int status = compiler.run(
                out,
                out,
                "-proc:none",
                "-p",
                modulePath,
                "-d",
                folder.resolve("classes").toString(),
                folder.resolve("module-info.java").toString(),
                folder.resolve("shop/Main.java").toString());
        assertThat(status).as(complaints.toString()).isZero();
    }
}
