package io.mutil.dispatch;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.util.Set;
import javax.annotation.processing.AbstractProcessor;
import javax.annotation.processing.RoundEnvironment;
import javax.annotation.processing.SupportedAnnotationTypes;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.Element;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.ElementFilter;
import javax.lang.model.util.Elements;
import javax.tools.Diagnostic;
import javax.tools.FileObject;
import javax.tools.StandardLocation;

/**
 * Keeps the Javadoc comments of operations, so that they are help texts at run time. The compiler runs it; nobody else calls it.
 *
 * <p>For each class that implements {@link Operation} or carries picocli's {@code @Command}, and has a comment, it writes the
 * comment as plain text to {@code META-INF/mutil/help/<binary name>.txt} among the classes. The first line is the first
 * sentence. A resource there is not part of any package, so it is readable in a named module that opens nothing.
 *
 * <p>It needs this jar alone on the processor path, not picocli. Each class gives at most one resource, made from that class
 * alone, so incremental builds know what to do again. The resource of a class whose comment is gone becomes empty, as a processor
 * cannot delete it.
 */
@SupportedAnnotationTypes("*")
public final class HelpProcessor extends AbstractProcessor {
    private static final String OPERATION = "io.mutil.dispatch.Operation";
    private static final String COMMAND = "picocli.CommandLine.Command";

    /** The compiler calls it. */
    public HelpProcessor() {}

    @Override
    public SourceVersion getSupportedSourceVersion() {
        return SourceVersion.latestSupported();
    }

    /** Looks at the classes of this round; leaves all annotations to other processors. */
    @Override
    public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
        keepAll(ElementFilter.typesIn(round.getRootElements()));
        return false;
    }

    private void keepAll(Iterable<TypeElement> types) {
        for (TypeElement type : types) {
            if (isCommand(type) || isOperation(type)) {
                keep(type);
            }
            keepAll(ElementFilter.typesIn(type.getEnclosedElements()));
        }
    }

    private static boolean isCommand(TypeElement type) {
        return type.getAnnotationMirrors().stream()
                .map(AnnotationMirror::getAnnotationType)
                .anyMatch(annotation -> isNamed(annotation.asElement(), COMMAND));
    }

    private static boolean isOperation(TypeElement type) {
        return type.getKind().isClass() && inherits(type, OPERATION);
    }

    private static boolean inherits(TypeElement type, String name) {
        return isNamed(type, name)
                || inherits(type.getSuperclass(), name)
                || type.getInterfaces().stream().anyMatch(parent -> inherits(parent, name));
    }

    private static boolean inherits(TypeMirror parent, String name) {
        return parent instanceof DeclaredType declared
                && declared.asElement() instanceof TypeElement type
                && inherits(type, name);
    }

    private static boolean isNamed(Element type, String name) {
        return ((TypeElement) type).getQualifiedName().contentEquals(name);
    }

    private void keep(TypeElement type) {
        Elements elements = processingEnv.getElementUtils();
        write(type, Docs.resource(elements.getBinaryName(type).toString()), text(elements, type));
    }

    private static String text(Elements elements, TypeElement type) {
        String comment = elements.getDocComment(type);
        if (comment == null) {
            return "";
        }
        return isMarkdown(elements, type) ? MarkdownText.of(comment) : CommentText.of(comment);
    }

    /** Compilers know kinds of comments from 23 on. */
    private static boolean isMarkdown(Elements elements, Element element) {
        try {
            Object kind =
                    Elements.class.getMethod("getDocCommentKind", Element.class).invoke(elements, element);
            return kind != null && kind.toString().equals("END_OF_LINE");
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }

    private void write(TypeElement type, String path, String text) {
        try {
            FileObject file = processingEnv.getFiler().createResource(StandardLocation.CLASS_OUTPUT, "", path, type);
            if (text.isEmpty() && file.getLastModified() == 0) {
                return;
            }
            try (Writer out = new OutputStreamWriter(file.openOutputStream(), UTF_8)) {
                out.write(text);
            }
        } catch (IOException e) {
            processingEnv
                    .getMessager()
                    .printMessage(
                            Diagnostic.Kind.ERROR,
                            "cannot write the help text of " + type + ": " + e
                                    + "; see whether the class output is writable",
                            type);
        }
    }
}
