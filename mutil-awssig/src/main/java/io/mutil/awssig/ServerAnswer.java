package io.mutil.awssig;

import java.io.StringReader;
import java.util.HashMap;
import java.util.Map;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/** What a server says about a signature that it refused. */
record ServerAnswer(
        @Nullable String code,
        @Nullable String canonicalRequest,
        @Nullable String stringToSign,
        @Nullable String region) {
    private static final String CANONICAL = "The Canonical String for this request should have been";
    private static final String TO_SIGN = "The String-to-Sign should have been";

    /**
     * Reads the XML of S3 and its like, or a message that quotes the texts as most services of AWS do.
     *
     * @throws IllegalArgumentException if it is neither
     */
    static ServerAnswer parse(String body) {
        Map<String, String> elements = body.stripLeading().startsWith("<") ? elements(body) : Map.of();
        String canonical = elements.get("CanonicalRequest");
        String message = elements.getOrDefault("Message", body);
        if (canonical == null && message.contains(CANONICAL)) {
            String text = message.replace("\\n", "\n");
            int canonicalAt = text.indexOf(CANONICAL);
            int toSignAt = text.lastIndexOf(TO_SIGN);
            boolean both = toSignAt > canonicalAt;
            return new ServerAnswer(
                    elements.get("Code"),
                    quoted(text, canonicalAt, text.lastIndexOf('\'', both ? toSignAt : text.length())),
                    both ? quoted(text, toSignAt, text.indexOf('\'', text.indexOf('\'', toSignAt) + 1)) : null,
                    null);
        }
        if (elements.isEmpty()) {
            throw new IllegalArgumentException(
                    "the answer has neither XML nor a canonical string; give the whole body of"
                            + " the server's error, it began with \"" + body.substring(0, Math.min(body.length(), 40))
                            + "\"");
        }
        return new ServerAnswer(elements.get("Code"), canonical, elements.get("StringToSign"), elements.get("Region"));
    }

    /** Whether it is about a chunk of the body, or the trailer, which have a string to sign of their own. */
    boolean isOfChunk() {
        return stringToSign != null
                && (stringToSign.startsWith(ChunkSigner.CHUNK) || stringToSign.startsWith(ChunkSigner.TRAILER));
    }

    private static Map<String, String> elements(String xml) {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, false);
        Map<String, String> elements = new HashMap<>();
        try {
            XMLStreamReader reader = factory.createXMLStreamReader(new StringReader(xml.strip()));
            var text = new StringBuilder();
            while (reader.hasNext()) {
                switch (reader.next()) {
                    case XMLStreamConstants.START_ELEMENT -> text.setLength(0);
                    case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> text.append(reader.getText());
                    case XMLStreamConstants.END_ELEMENT -> elements.putIfAbsent(reader.getLocalName(), text.toString());
                    default -> {}
                }
            }
            return elements;
        } catch (XMLStreamException e) {
            throw new IllegalArgumentException("the server's answer is no XML: " + e.getMessage(), e);
        }
    }

    /** What stands between the first apostrophe after some words and another one; headers may have more between. */
    private static @Nullable String quoted(String text, int words, int to) {
        int from = text.indexOf('\'', words) + 1;
        return from > 0 && to >= from ? text.substring(from, to) : null;
    }
}
