package io.mutil.dispatch;

import static java.util.Map.entry;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A documentation comment as plain text. The first line is the first sentence; the rest of its paragraph, if any, is the next
 * line, and blank lines part the paragraphs. Paragraphs are not wrapped. List items and code keep lines of their own.
 *
 * <p>Inline tags are replaced by what they show, HTML tags by line breaks or nothing, entities by their characters; block tags
 * are dropped. A comment in Markdown is kept as it is but for tags and references, as it reads well without more.
 */
final class CommentText {
    /** Stands for a blank that neither collapses nor ends a sentence. */
    private static final char FIRM_BLANK = '\ue000';
    /** Stands for the end of the first sentence where a tag says so. */
    private static final char SENTENCE_END = '\ue001';

    private static final Map<String, String> ENTITIES = Map.ofEntries(
            entry("amp", "&"),
            entry("lt", "<"),
            entry("gt", ">"),
            entry("quot", "\""),
            entry("apos", "'"),
            entry("nbsp", "\u00a0"),
            entry("ndash", "\u2013"),
            entry("mdash", "\u2014"),
            entry("hellip", "\u2026"),
            entry("lsquo", "\u2018"),
            entry("rsquo", "\u2019"),
            entry("ldquo", "\u201c"),
            entry("rdquo", "\u201d"),
            entry("laquo", "\u00ab"),
            entry("raquo", "\u00bb"),
            entry("copy", "\u00a9"),
            entry("reg", "\u00ae"),
            entry("trade", "\u2122"),
            entry("deg", "\u00b0"),
            entry("micro", "\u00b5"),
            entry("plusmn", "\u00b1"),
            entry("times", "\u00d7"),
            entry("ne", "\u2260"),
            entry("le", "\u2264"),
            entry("ge", "\u2265"),
            entry("larr", "\u2190"),
            entry("rarr", "\u2192"),
            entry("euro", "\u20ac"),
            entry("sect", "\u00a7"));
    private static final Set<String> PARAGRAPHS =
            Set.of("p", "div", "blockquote", "table", "dl", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "section");
    private static final Set<String> LINES = Set.of("br", "tr", "dt", "dd");
    private static final Pattern ENTITY = Pattern.compile("&(?:#(\\d{1,7})|#[xX](\\p{XDigit}{1,6})|(\\w+));");
    private static final Pattern HTML =
            Pattern.compile("<!--.*?-->|<(/?)([a-zA-Z][a-zA-Z0-9]*)[^<>]*>", Pattern.DOTALL);
    private static final Pattern BLOCK_TAG = Pattern.compile("@[a-zA-Z]");
    private static final Pattern PACKAGE = Pattern.compile("\\b(?:[a-z_]\\w*\\.)+(?=[A-Z])");
    private static final Pattern BLANK_LINES = Pattern.compile("\\A(?:[ \\t]*\\R)+");
    /** A code span or fence, which stays; a label with a reference; a reference, which has a hash or the case of a type. */
    private static final Pattern MARKDOWN = Pattern.compile("((`+)[^`]+\\2)|\\[([^\\[\\]]+)]\\[[^\\[\\]]+]"
            + "|\\[((?:[a-z]\\w*\\.)*(?:[A-Z]\\w*[a-z][\\w.]*)?(?:#\\w+(?:\\([^()]*\\))?)?)](?![(:])");

    private static final Pattern MARKDOWN_BLOCK = Pattern.compile("\\n(?:[ \\t]*\\n|[-*+>#|`]|\\d+[.)])");

    private final String comment;
    private final StringBuilder out = new StringBuilder();
    private final Deque<Integer> lists = new ArrayDeque<>();
    private boolean verbatim;
    private int at;
    /** Where the text of the last list item begins: a paragraph there needs no line of its own. */
    private int itemStart = -1;

    private CommentText(String comment) {
        this.comment = comment;
    }

    /** The text of a comment in HTML, without trailing blanks; empty if only tags were in it. */
    static String ofHtml(String comment) {
        var text = new CommentText(comment);
        text.readAll(true);
        return finished(text.out.toString());
    }

    /** The text of a comment in Markdown. */
    static String ofMarkdown(String comment) {
        var text = new CommentText(comment.stripIndent());
        text.verbatim = true;
        text.readAll(false);
        String resolved = MARKDOWN.matcher(text.out.toString().strip()).replaceAll(CommentText::shown);
        Matcher block = MARKDOWN_BLOCK.matcher(resolved);
        int end = block.find() ? block.start() : resolved.length();
        return finished(resolved.substring(0, end).replace('\n', ' ') + resolved.substring(end));
    }

    private static String shown(MatchResult match) {
        String all = match.group();
        if (all.startsWith("`") || all.equals("[]")) {
            return Matcher.quoteReplacement(all);
        }
        String label = match.group(3);
        return Matcher.quoteReplacement(label != null ? label : reference(match.group(4)));
    }

    private static String finished(String text) {
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

    private void readAll(boolean html) {
        boolean lineStart = true;
        while (at < comment.length()) {
            char c = comment.charAt(at);
            if (lineStart && c == '@' && looksAt(BLOCK_TAG)) {
                return;
            }
            lineStart = c == '\n' || (lineStart && Character.isWhitespace(c));
            if (c == '{' && comment.startsWith("{@", at)) {
                readInlineTag();
            } else if (!html || (!(c == '<' && readHtml()) && !(c == '&' && readEntity()))) {
                add(c);
                at++;
            }
        }
    }

    private boolean looksAt(Pattern pattern) {
        return pattern.matcher(comment).region(at, comment.length()).lookingAt();
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
        Matcher entity = ENTITY.matcher(comment).region(at, comment.length());
        if (!entity.lookingAt()) {
            return false;
        }
        String character = character(entity);
        if (character == null) {
            return false;
        }
        out.append(character);
        at = entity.end();
        return true;
    }

    private static @Nullable String character(Matcher entity) {
        if (entity.group(3) != null) {
            return ENTITIES.get(entity.group(3));
        }
        int code = entity.group(1) != null ? Integer.parseInt(entity.group(1)) : Integer.parseInt(entity.group(2), 16);
        return Character.isValidCodePoint(code) ? Character.toString(code) : null;
    }

    private boolean readHtml() {
        Matcher tag = HTML.matcher(comment).region(at, comment.length());
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
        code.readAll(true);
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
        text.readAll(true);
        return text.out.toString().strip();
    }

    /** A reference as Javadoc shows it: types without their package, a member of the class itself by its name alone. */
    private static String reference(String reference) {
        String member = reference.startsWith("#") ? reference.substring(1) : reference;
        return PACKAGE.matcher(member).replaceAll("").replace('#', '.');
    }
}
