package io.mutil.dispatch;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A documentation comment in HTML as plain text. The first line is the first sentence; the rest of its paragraph, if any, is the next
 * line, and blank lines part the paragraphs. Paragraphs are not wrapped. List items and code keep lines of their own.
 *
 * <p>Inline tags are replaced by what they show, HTML tags by line breaks or nothing, entities by their characters; block tags
 * are dropped.
 */
final class CommentText {
    /** Stands for a blank that neither collapses nor ends a sentence. */
    static final char FIRM_BLANK = '\ue000';
    /** Stands for the end of the first sentence where a tag says so. */
    private static final char SENTENCE_END = '\ue001';

    private static final Set<String> PARAGRAPHS =
            Set.of("p", "div", "blockquote", "table", "dl", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "section");
    private static final Set<String> LINES = Set.of("br", "tr", "dt", "dd");
    private static final Pattern HTML =
            Pattern.compile("<!--.*?-->|<(/?)([a-zA-Z][a-zA-Z0-9]*)[^<>]*>", Pattern.DOTALL);
    private static final Pattern BLOCK_TAG = Pattern.compile("@[a-zA-Z]");
    private static final Pattern PACKAGE = Pattern.compile("\\b(?:[a-z_]\\w*\\.)+(?=[A-Z])");
    private static final Pattern BLANK_LINES = Pattern.compile("\\A(?:[ \\t]*\\R)+");
    private final String comment;
    private final StringBuilder out;
    private final Deque<Integer> lists = new ArrayDeque<>();
    private boolean verbatim;
    private int at;
    /** Where the text of the last list item begins: a paragraph there needs no line of its own. */
    private int itemStart = -1;

    private CommentText(String comment) {
        this(comment, new StringBuilder());
    }

    private CommentText(String comment, StringBuilder out) {
        this.comment = comment;
        this.out = out;
    }

    /** The text, without trailing blanks; empty if only tags were in it. */
    static String of(String comment) {
        var text = new CommentText(comment);
        text.readAll();
        return finished(text.out.toString());
    }

    /**
     * Appends what an inline tag shows, with its blanks and line ends.
     *
     * @param from where it begins
     * @return where it ends
     */
    static int showInlineTag(String comment, int from, StringBuilder out) {
        var text = new CommentText(comment, out);
        text.verbatim = true;
        text.at = from;
        text.readInlineTag();
        return text.at;
    }

    /** The first sentence, and then the rest. */
    static String finished(String text) {
        return firstSentenceFirst(text.strip()).replace(FIRM_BLANK, ' ').strip();
    }

    private static String firstSentenceFirst(String text) {
        int paragraph = text.indexOf("\n\n");
        int limit = paragraph < 0 ? text.length() : paragraph;
        int marked = text.indexOf(SENTENCE_END);
        if (marked >= 0) {
            return (text.substring(0, marked).strip() + "\n"
                            + text.substring(marked + 1).stripLeading())
                    .replace(String.valueOf(SENTENCE_END), "")
                    .strip();
        }
        for (int i = 0; i < limit - 1; i++) {
            if (text.charAt(i) == '\n') {
                return text;
            }
            if (text.charAt(i) == '.' && Character.isWhitespace(text.charAt(i + 1))) {
                return text.substring(0, i + 1) + "\n" + text.substring(i + 2);
            }
        }
        return text;
    }

    private void readAll() {
        boolean lineStart = true;
        while (at < comment.length()) {
            char c = comment.charAt(at);
            if (lineStart && c == '@' && looksAt(BLOCK_TAG)) {
                return;
            }
            lineStart = c == '\n' || (lineStart && Character.isWhitespace(c));
            if (c == '{' && comment.startsWith("{@", at)) {
                readInlineTag();
            } else if (!(c == '<' && readHtml()) && !(c == '&' && readEntity())) {
                add(c);
                at++;
            }
        }
    }

    private boolean looksAt(Pattern pattern) {
        return matcher(pattern).lookingAt();
    }

    private Matcher matcher(Pattern pattern) {
        return pattern.matcher(comment).region(at, comment.length());
    }

    private void add(char c) {
        if (verbatim) {
            out.append(c);
        } else if (!Character.isWhitespace(c)) {
            out.append(c);
        } else if (!out.isEmpty() && !endsWithBlank()) {
            out.append(' ');
        }
    }

    private boolean endsWithBlank() {
        char last = out.charAt(out.length() - 1);
        return last == ' ' || last == '\n' || out.length() == itemStart;
    }

    private void addFirm(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            out.append(verbatim || !Character.isWhitespace(c) ? c : FIRM_BLANK);
        }
    }

    private boolean readEntity() {
        Matcher entity = matcher(Entities.PATTERN);
        String character = entity.lookingAt() ? Entities.character(entity) : null;
        if (character == null) {
            return false;
        }
        out.append(character);
        at = entity.end();
        return true;
    }

    private boolean readHtml() {
        Matcher tag = matcher(HTML);
        if (!tag.lookingAt()) {
            return false;
        }
        at = tag.end();
        if (tag.group(2) != null) {
            apply(tag.group(2).toLowerCase(Locale.ROOT), !tag.group(1).isEmpty());
        }
        return true;
    }

    private void apply(String tag, boolean closes) {
        if (tag.equals("pre") && !closes) {
            addCode();
        } else if (tag.equals("ul") || tag.equals("ol")) {
            applyList(tag, closes);
        } else if (tag.equals("li") && !closes) {
            beginItem();
        } else if (out.length() == itemStart) {
            return;
        } else if (PARAGRAPHS.contains(tag) && lists.isEmpty()) {
            endParagraph();
        } else if (PARAGRAPHS.contains(tag) || LINES.contains(tag)) {
            endLine();
        } else if (tag.equals("td") || tag.equals("th")) {
            add(' ');
        }
    }

    private void addCode() {
        int end = comment.indexOf("</pre>", at);
        var code = new CommentText(comment.substring(at, end < 0 ? comment.length() : end));
        code.verbatim = true;
        code.readAll();
        addBlock(code.out.toString());
        at += code.comment.length();
    }

    private void addBlock(String code) {
        endParagraph();
        out.append(BLANK_LINES
                .matcher(code.stripTrailing())
                .replaceFirst("")
                .stripIndent()
                .indent(2));
        endParagraph();
    }

    private void applyList(String tag, boolean closes) {
        if (closes && !lists.isEmpty()) {
            lists.pop();
        }
        if (lists.isEmpty()) {
            endParagraph();
        } else {
            endLine();
        }
        if (!closes) {
            lists.push(tag.equals("ol") ? 1 : 0);
        }
    }

    private void beginItem() {
        endLine();
        out.append("  ".repeat(Math.max(0, lists.size() - 1)));
        int number = lists.isEmpty() ? 0 : lists.pop();
        lists.push(number == 0 ? 0 : number + 1);
        out.append(number == 0 ? "-" : number + ".").append(FIRM_BLANK);
        itemStart = out.length();
    }

    private void endLine() {
        while (!out.isEmpty() && out.charAt(out.length() - 1) == ' ') {
            out.setLength(out.length() - 1);
        }
        if (!out.isEmpty() && out.charAt(out.length() - 1) != '\n') {
            out.append('\n');
        }
    }

    private void endParagraph() {
        endLine();
        if (!out.isEmpty() && !out.toString().endsWith("\n\n")) {
            out.append('\n');
        }
    }

    private void readInlineTag() {
        int end = endOfInlineTag();
        String tag = comment.substring(at + 2, end);
        at = Math.min(end + 1, comment.length());
        int nameEnd = 0;
        while (nameEnd < tag.length() && !Character.isWhitespace(tag.charAt(nameEnd)) && tag.charAt(nameEnd) != ':') {
            nameEnd++;
        }
        show(tag.substring(0, nameEnd), tag.substring(nameEnd));
    }

    /** Braces within a tag are balanced. */
    private int endOfInlineTag() {
        int depth = 0;
        for (int i = at; i < comment.length(); i++) {
            char c = comment.charAt(i);
            if (c == '{') {
                depth++;
            } else if (c == '}') {
                depth--;
                if (depth == 0) {
                    return i;
                }
            }
        }
        return comment.length();
    }

    private void show(String tag, String content) {
        switch (tag) {
            case "code", "literal" -> addFirm(verbatim ? content.replaceFirst("^ ", "") : content.strip());
            case "link", "linkplain" -> addFirm(label(content.strip()));
            case "value", "systemProperty" -> addFirm(reference(content.strip()));
            case "index" -> addFirm(content.strip().split("\\s", 2)[0]);
            case "summary" -> addFirm(within(content) + SENTENCE_END);
            case "snippet" -> addSnippet(content);
            case "inheritDoc", "docRoot" -> {}
            default -> addFirm(within(content));
        }
    }

    private void addSnippet(String content) {
        int colon = content.indexOf(":\n");
        if (colon >= 0) {
            addBlock(content.substring(colon + 2));
        }
    }

    private static String label(String link) {
        int end = 0;
        for (int depth = 0; end < link.length(); end++) {
            char c = link.charAt(end);
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (depth == 0 && Character.isWhitespace(c)) {
                return within(link.substring(end));
            }
        }
        return reference(link);
    }

    private static String within(String content) {
        var text = new CommentText(content);
        text.readAll();
        return text.out.toString().strip();
    }

    /** A reference as Javadoc shows it: types without their package, a member of the class itself by its name alone. */
    static String reference(String reference) {
        String member = reference.startsWith("#") ? reference.substring(1) : reference;
        return PACKAGE.matcher(member).replaceAll("").replace('#', '.');
    }
}
