package io.mutil.dispatch;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A documentation comment in Markdown as plain text, with its first sentence in the first line as {@link CommentText} has it. It
 * is kept as it is but for tags and references outside of code, as it reads well without more.
 */
final class MarkdownText {
    /** A label with a reference; or a reference, which has a hash or the case of a type. */
    private static final Pattern REFERENCE = Pattern.compile("\\[([^\\[\\]]+)]\\[[^\\[\\]]+]"
            + "|\\[(?=[^]])((?:[a-z]\\w*\\.)*(?:[A-Z]\\w*[a-z][\\w.]*)?(?:#\\w+(?:\\([^()]*\\))?)?)](?![(:])");

    /** To its closing line, or to the end. */
    private static final Pattern FENCE = Pattern.compile(
            " {0,3}(`{3,}+|~{3,}+)[^\\n`]*+(?:\\z|\\n(?s:.*?)(?:\\z|(?<=\\n) {0,3}\\1[`~]*[ \\t]*(?=\\n|\\z)))");

    private static final Pattern CODE_SPAN = Pattern.compile("(`++)(?s:.*?)(?<!`)\\1(?!`)");
    /** Code that is indented may begin with an at sign. */
    private static final Pattern MARKDOWN_TAG = Pattern.compile(" {0,3}@[a-zA-Z]");

    private static final Pattern SPANS_END = Pattern.compile("\\n[ \\t]*\\n|\\n {0,3}@[a-zA-Z]");
    private static final Pattern MARKDOWN_BLOCK = Pattern.compile("\\n(?:[ \\t]*\\n|[-*+>#|]|```|~~~|\\d+[.)])");

    private final String comment;
    private final StringBuilder out = new StringBuilder();
    private int at;

    private MarkdownText(String comment) {
        this.comment = comment;
    }

    /** The text, without trailing blanks. */
    static String of(String comment) {
        var text = new MarkdownText(comment.stripIndent());
        text.readAll();
        String resolved = text.out.toString().strip();
        Matcher block = MARKDOWN_BLOCK.matcher(resolved);
        int end = block.find() ? block.start() : resolved.length();
        return CommentText.finished(resolved.substring(0, end).replace('\n', ' ') + resolved.substring(end));
    }

    private void readAll() {
        boolean lineStart = true;
        while (at < comment.length() && !(lineStart && looksAt(MARKDOWN_TAG))) {
            if (!(lineStart && readFence()) && !readInLine(comment.charAt(at))) {
                out.append(comment.charAt(at));
                at++;
            }
            lineStart = comment.charAt(at - 1) == '\n';
        }
    }

    private boolean readFence() {
        Matcher fence = matcher(FENCE);
        if (!fence.lookingAt()) {
            return false;
        }
        out.append(fence.group());
        at = fence.end();
        return true;
    }

    private boolean readInLine(char c) {
        if (c == '{' && comment.startsWith("{@", at)) {
            at = CommentText.showInlineTag(comment, at, out);
            return true;
        }
        return c == '`' ? readCodeSpan() : c == '[' && readReference();
    }

    /** It ends in its paragraph. */
    private boolean readCodeSpan() {
        Matcher end = SPANS_END.matcher(comment);
        Matcher span = CODE_SPAN.matcher(comment).region(at, end.find(at) ? end.start() : comment.length());
        if (!span.lookingAt()) {
            return false;
        }
        out.append(span.group().replace(' ', CommentText.FIRM_BLANK));
        at = span.end();
        return true;
    }

    private boolean readReference() {
        Matcher found = matcher(REFERENCE);
        if (!found.lookingAt()) {
            return false;
        }
        String label = found.group(1);
        out.append(label != null ? label : CommentText.reference(found.group(2)));
        at = found.end();
        return true;
    }

    private boolean looksAt(Pattern pattern) {
        return matcher(pattern).lookingAt();
    }

    private Matcher matcher(Pattern pattern) {
        return pattern.matcher(comment).region(at, comment.length());
    }
}
