package io.mutil.testkit;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/** What a document quotes, so that a test can see whether it is still so. */
public final class QuotedCode {
    private static final Pattern JAVA = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final Pattern TEXT = Pattern.compile("```text\n(.*?)```", Pattern.DOTALL);
    private static final Pattern LINK = Pattern.compile("(?:]\\(|^\\[\\w+]: )([^)\\s]+)", Pattern.MULTILINE);
    private static final Pattern IN_JAVADOC = Pattern.compile("<pre>\\{@code\n(.*?)}</pre>", Pattern.DOTALL);

    private QuotedCode() {}

    /** The blocks of Java in a Markdown file. */
    public static Stream<String> ofMarkdown(Path document) throws IOException {
        return found(JAVA, Files.readString(document));
    }

    /** The blocks of plain text in a Markdown file. */
    public static Stream<String> textOfMarkdown(Path document) throws IOException {
        return found(TEXT, Files.readString(document));
    }

    /** Where the links of a Markdown file lead, as it says. */
    public static Stream<String> linksOfMarkdown(Path document) throws IOException {
        return found(LINK, Files.readString(document));
    }

    /** The examples in the Javadoc of a source file. */
    public static Stream<String> ofJavadoc(Path source) throws IOException {
        return found(IN_JAVADOC, Files.readString(source).replaceAll("(?m)^ \\* ?", ""));
    }

    private static Stream<String> found(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(match -> match.group(1));
    }

    /**
     * Compiles code as the body of a method; skips the test where the JVM brings no compiler.
     *
     * @param imports come before it
     * @param folder gets the source and the classes
     * @throws AssertionError if the compiler refuses it
     */
    public static void compile(String imports, String code, Path folder) throws IOException {
        Optional<ToolProvider> compiler = ToolProvider.findFirst("javac");
        assumeTrue(compiler.isPresent(), "skipped: this JVM brings no compiler");
        Path source = folder.resolve("Quote.java");
        Files.writeString(source, imports + "class Quote { void quote() throws Exception {\n" + code + "\n} }");
        var complaints = new StringWriter();
        var out = new PrintWriter(complaints);
        String[] options = {"-proc:none", "-d", folder.toString(), "-cp", System.getProperty("java.class.path")};
        int status = compiler.get()
                .run(
                        out,
                        out,
                        Stream.concat(Stream.of(options), Stream.of(source.toString()))
                                .toArray(String[]::new));
        if (status != 0) {
            throw new AssertionError("does not compile:\n" + code + "\n" + complaints);
        }
    }
}
