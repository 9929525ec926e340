package io.mutil.dataflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.mutil.dataflow.Browser.Tab;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The page as a browser shows it. */
class PageBrowserTest {
    /** Lets a test cut the connection. */
    private static final String UNRELIABLE = """
            const Real = WebSocket;
            let reachable = true;
            let last;
            window.WebSocket = function(uri) {
              last = new Real(reachable ? uri : uri + "/elsewhere");
              return last;
            };
            """;

    /** Long texts that do not have the room that they need, and cards over each other. */
    private static final String OVERLAPPING = """
            (() => {
              const all = selector => [...document.querySelectorAll(selector)];
              all('.level').forEach(e => e.classList.add('congested'));
              all('[data-of=waiting]').forEach(e => e.textContent = '100 %');
              all('[data-of=dropRate]').forEach(e => {
                e.textContent = '1.48k/s';
                e.classList.add('alarm');
              });
              const narrow = all('.level p, .level dt, .level dd, h3')
                .filter(e => !e.closest('.spoken') && e.clientWidth > 0 && e.scrollWidth > e.clientWidth);
              const cards = all('article').map(e => e.getBoundingClientRect());
              const meet = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
              const covered = cards.filter(a => cards.some(b => a !== b && meet(a, b)));
              return [...narrow.map(e => e.textContent), ...covered.map(box => `a card at ${box.left}`)].join();
            })()
            """;

    /** Names of the levels that begin in the same row, and a bar between rows. */
    private static final String LINES = """
            (() => {
              const rows = new Map();
              for (const e of document.querySelectorAll('.level')) {
                const line = e.style.gridRow.split(' ')[0];
                rows.set(line, [...(rows.get(line) || []), e.dataset.level]);
              }
              return [...rows.values()].map(row => row.join(' ')).join('|');
            })()
            """;

    private static @Nullable Browser browser;

    private final CountDownLatch gate = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newFixedThreadPool(12);

    @BeforeAll
    static void startBrowser(@TempDir Path profile) throws Exception {
        browser = Browser.start(profile);
    }

    @AfterAll
    static void closeBrowser() {
        if (browser != null) {
            browser.close();
        }
    }

    @AfterEach
    void openGate() {
        gate.countDown();
        threads.shutdown();
    }

    /** Numbers without end, not so many that nothing else gets a processor. */
    private static Ingress<Integer> endless() {
        return Ingress.pulling(() -> IntStream.iterate(0, n -> n + 1)
                .peek(n -> LockSupport.parkNanos(100_000))
                .iterator());
    }

    private static Workers<Integer, Integer> workers(String name, Worker<Integer, Integer> worker) {
        return Workers.<Integer, Integer>of(worker).named(name).howMany(1).edge(Edge.blocking(4));
    }

    private static Dataflow.Levels<Integer> shown() {
        return Dataflow.named("shown").from(endless());
    }

    private RunningDataflow start(Dataflow.Levels<Integer> levels) throws Exception {
        Dataflow flow =
                levels.to(Egress.<Integer>into(n -> {})).page("127.0.0.1", 0).build();
        return ThreadRuntime.builder().executor(threads).start(flow);
    }

    private static Tab open(RunningDataflow running) throws Exception {
        Tab tab = browser().open(running.page().orElseThrow());
        tab.await("document.body.className === 'live'");
        return tab;
    }

    private static Browser browser() {
        return Objects.requireNonNull(browser);
    }

    private static String of(String level, String field) {
        return "document.querySelector('[data-level=\"" + level + "\"] [data-of=" + field + "]').textContent";
    }

    @Test
    void numbersMoveUntilTheEnd() throws Exception {
        try (RunningDataflow running = start(shown().through(workers("same", (n, out) -> out.send(n))))) {
            Tab tab = open(running);
            tab.await("/^[1-9].*\\/s$/.test(" + of("same", "in") + ")");
            String received = tab.evaluate(of("same", "received"));
            tab.await(of("same", "received") + " !== '" + received + "'");

            var unused = running.closeAsync();

            tab.await("document.getElementById('connection').textContent === 'ended'");
            assertThat(tab.evaluate("document.getElementById('verdict').textContent"))
                    .isEqualTo("The topology has ended.");
            assertThat(tab.evaluate(of("same", "state"))).isEqualTo("ended");
            assertThat(tab.evaluate(of("same", "received"))).matches("[\\d,]+").isNotEqualTo("0");
        }
    }

    @Test
    void theLevelThatOthersWaitForIsSlow() throws Exception {
        var levels = shown().through(workers("first", (n, out) -> out.send(n))).through(workers("stuck", (n, out) -> {
            gate.await();
            out.send(n);
        }));
        try (RunningDataflow running = start(levels)) {
            Tab tab = open(running);

            tab.await(of("stuck", "state") + " === 'slow'");
            tab.await(of("first", "state") + " === 'held up'");
            assertThat(tab.evaluate(of("stuck", "waiting"))).endsWith(" %").isNotEqualTo("0 %");
            assertThat(tab.evaluate("document.getElementById('verdict').textContent"))
                    .isEqualTo("stuck is slow.");
            assertThat(tab.evaluate("document.querySelector('[role=status]').textContent"))
                    .isEqualTo("stuck is slow.");
            gate.countDown();
        }
    }

    @Test
    void errorsShowWhereTheyHappen() throws Exception {
        Workers<Integer, Integer> broken = workers("broken", (n, out) -> {
                    throw new IllegalStateException();
                })
                .onError((n, e) -> {});
        try (RunningDataflow running = start(shown().through(broken))) {
            Tab tab = open(running);

            tab.await(of("broken", "state") + " === 'failing'");
            tab.await("/^[1-9].*\\/s$/.test(" + of("broken", "errorRate") + ")");
            assertThat(tab.evaluate(of("broken", "errors"))).matches("[1-9][\\d,]*");
        }
    }

    @Test
    void theKeyboardReachesEveryLevelInOrder() throws Exception {
        var levels = shown().through(workers("first", (n, out) -> out.send(n)))
                .through(workers("second", (n, out) -> out.send(n)));
        try (RunningDataflow running = start(levels)) {
            Tab tab = open(running);
            List<String> reached = new ArrayList<>();
            while (reached.size() < 4) {
                tab.press("Tab");
                reached.add(tab.evaluate("document.activeElement.closest('li').dataset.level"));
            }

            assertThat(reached).containsExactly("in", "first", "second", "out-1");
            assertThat(tab.evaluate("document.activeElement.textContent")).isEqualTo("since the start, out-1");
        }
    }

    /** Eight stages, of which the last has two egresses. */
    private RunningDataflow startLong() throws Exception {
        var levels = shown();
        for (String name : List.of("decode", "enrich", "filter", "price", "aggregate", "encode")) {
            levels = levels.through(workers(name, (n, out) -> out.send(n)));
        }
        Dataflow flow = levels.to(Egress.<Integer>into(n -> {}))
                .to(Egress.<Integer>into(n -> {}))
                .page("127.0.0.1", 0)
                .build();
        return ThreadRuntime.builder().executor(threads).start(flow);
    }

    private static void resize(Tab tab, int width) throws Exception {
        tab.call(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", 800, "deviceScaleFactor", 1, "mobile", false));
    }

    @ParameterizedTest
    @ValueSource(ints = {390, 800, 1280, 1920})
    void manyLevelsFitIntoAnyWindow(int width) throws Exception {
        try (RunningDataflow running = startLong()) {
            Tab tab = open(running);
            resize(tab, width);
            tab.await("/^[1-9].*\\/s$/.test(" + of("encode", "in") + ")");

            tab.await("innerWidth === " + width + " && document.documentElement.scrollWidth <= innerWidth");
            tab.await(
                    "document.getElementById('scroller').scrollWidth <= document.getElementById('scroller').clientWidth");
            assertThat(tab.evaluate(OVERLAPPING)).isEmpty();
        }
    }

    @Test
    void eightStagesTakeTwoLinesInReadingOrder() throws Exception {
        try (RunningDataflow running = startLong()) {
            Tab tab = open(running);
            resize(tab, 1280);

            tab.await("document.querySelectorAll('.turns').length === 1");
            assertThat(tab.evaluate(LINES)).isEqualTo("in decode enrich filter|price aggregate encode out-1|out-2");
            assertThat(tab.evaluate("[...document.querySelectorAll('.level')].map(e => e.dataset.level).join(' ')"))
                    .isEqualTo("in decode enrich filter price aggregate encode out-1 out-2");
        }
    }

    @Test
    void aLostConnectionIsToldAndComesBack() throws Exception {
        try (RunningDataflow running = start(shown())) {
            Tab tab = browser().open(URI.create("about:blank"));
            tab.call("Page.enable", Map.of());
            tab.call("Page.addScriptToEvaluateOnNewDocument", Map.of("source", UNRELIABLE));
            tab.call("Page.navigate", Map.of("url", running.page().orElseThrow().toString()));
            tab.await("document.body.className === 'live'");

            tab.evaluate("reachable = false, last.close()");

            tab.await("document.body.className === 'stale'");
            tab.await("document.getElementById('connection').textContent.startsWith('not connected, next try in ')");
            assertThat(tab.evaluate(of("in", "sent")))
                    .as("the last picture stays")
                    .matches("[1-9][\\d,]*");
            tab.evaluate("reachable = true");
            tab.await("document.body.className === 'live'");
        }
    }

    @Test
    void loadsNothingThatItsPolicyForbids() throws Exception {
        try (RunningDataflow running = start(shown())) {
            Tab tab = open(running);

            assertThat(tab.evaluate(
                            "performance.getEntriesByType('resource').map(e => new URL(e.name).pathname).sort()"))
                    .isEqualTo("/page.css,/page.js");
            assertThat(tab.evaluate("getComputedStyle(document.getElementById('levels')).listStyleType"))
                    .isEqualTo("none");
        }
    }
}
