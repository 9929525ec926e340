package io.mutil.examples;

import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.NodeList;

/** Modules know only whom they may know: their descriptors and their poms are held against the table below. */
class ArchitectureTest {
    /** Every published module that there will be, and the modules that it may name. */
    private static final Map<String, Set<String>> ARROWS = Map.ofEntries(
            Map.entry("codec", Set.of()),
            Map.entry("pipe", Set.of("codec")),
            Map.entry("server", Set.of("codec")),
            Map.entry("dataflow", Set.of("pipe", "server")),
            Map.entry("dataflow-jet", Set.of("dataflow")),
            Map.entry("wproxy", Set.of("server")),
            Map.entry("loop", Set.of()),
            Map.entry("timer", Set.of()),
            Map.entry("dispatch", Set.of()),
            Map.entry("cache", Set.of()),
            Map.entry("numeric", Set.of()),
            Map.entry("frame", Set.of()),
            Map.entry("sqlshard", Set.of()),
            Map.entry("ratelimit", Set.of()),
            Map.entry("s4lru", Set.of()),
            Map.entry("awssig", Set.of()));

    private static final Set<String> NEVER_PUBLISHED = Set.of("bom", "testkit", "examples", "bench", "it");

    private static final Path ROOT =
            Objects.requireNonNull(Path.of("").toAbsolutePath().getParent());

    private static Set<String> modulesOnDisk() throws IOException {
        try (Stream<Path> folders = Files.list(ROOT)) {
            return folders.filter(folder -> Files.exists(folder.resolve("pom.xml")))
                    .map(folder -> String.valueOf(folder.getFileName()))
                    .filter(name -> name.startsWith("mutil-"))
                    .map(name -> name.substring("mutil-".length()))
                    .collect(toSet());
        }
    }

    private static Set<String> publishedOnDisk() throws IOException {
        Set<String> modules = modulesOnDisk();
        modules.removeAll(NEVER_PUBLISHED);
        return modules;
    }

    @Test
    void everyModuleHasAPlaceInTheHouse() throws IOException {
        assertThat(ARROWS.keySet()).containsAll(publishedOnDisk());
    }

    @Test
    void descriptorsNameOnlyPermittedModules() throws IOException {
        Map<String, ModuleDescriptor> descriptors = ModuleFinder.of(
                        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                                .filter(path -> path.contains("mutil-") && !path.contains("test-classes"))
                                .map(Path::of)
                                .toArray(Path[]::new))
                .findAll()
                .stream()
                .map(module -> module.descriptor())
                .collect(toMap(ModuleDescriptor::name, descriptor -> descriptor));

        for (String module : publishedOnDisk()) {
            ModuleDescriptor descriptor = descriptors.get("io.mutil." + module.replace('-', '.'));
            Set<String> required =
                    Objects.requireNonNull(descriptor, "module-info of mutil-" + module).requires().stream()
                            .map(ModuleDescriptor.Requires::name)
                            .filter(name -> name.startsWith("io.mutil."))
                            .map(name -> name.substring("io.mutil.".length()).replace('.', '-'))
                            .collect(toSet());
            assertThat(permitted(module)).as("requires of mutil-" + module).containsAll(required);
        }
    }

    @Test
    void pomsNameOnlyPermittedModules() throws Exception {
        for (String module : publishedOnDisk()) {
            assertThat(permitted(module))
                    .as("pom of mutil-" + module)
                    .containsAll(artifacts(
                            module,
                            "/project/dependencies/dependency[groupId='io.mutil'][not(scope='test')]/artifactId"));
        }
    }

    @Test
    void theBomListsWhatIsPublished() throws Exception {
        assertThat(artifacts("bom", "//dependencyManagement//dependency[groupId='io.mutil']/artifactId"))
                .isEqualTo(publishedOnDisk());
    }

    private static Set<String> permitted(String module) {
        return Objects.requireNonNull(ARROWS.get(module), module);
    }

    private static Set<String> artifacts(String module, String xpath) throws Exception {
        Path pom = ROOT.resolve("mutil-" + module).resolve("pom.xml");
        var document = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(pom.toFile());
        var nodes = (NodeList) XPathFactory.newInstance().newXPath().evaluate(xpath, document, XPathConstants.NODESET);
        Set<String> names = new HashSet<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            names.add(nodes.item(i).getTextContent().substring("mutil-".length()));
        }
        return names;
    }
}
