package tracklog.web;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.deque.html.axecore.results.Rule;
import com.deque.html.axecore.selenium.AxeBuilder;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** A person at the page: Debian's Chromium without a screen, in British English. */
public final class Browser implements AutoCloseable {

    /** What a page shows: its figures with what is said about each, and the tables of its panels, cell by cell. */
    record Shown(Map<String, List<String>> figures, Map<String, List<List<String>>> tables) {

        List<List<String>> table(String name) {
            assertThat(tables).containsKey(name);
            return tables.get(name);
        }
    }

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Does something with all that is folded away opened, since tables behind charts are made only then. */
    private static final String UNFOLDED = """
            const done = arguments[arguments.length - 1];
            const folded = [...document.querySelectorAll('details:not([open])')];
            Promise.all(folded.map((one) => new Promise((opened) => {
              one.addEventListener('toggle', opened, { once: true });
              one.open = true;
            }))).then(() => {
              const answer = (() => { %s })();
              folded.forEach((one) => { one.open = false; });
              done(answer);
            });
            """;

    private static final String READ = """
            const said = (cell) => [...cell.childNodes]
                .map((part) => part.textContent.replace(/\\s+/g, ' ').trim())
                .filter((part) => part)
                .join(' | ');
            const figures = {}, tables = {};
            for (const figure of document.querySelectorAll('.figure'))
              figures[figure.querySelector('dt').textContent] = [...figure.querySelectorAll('dd')].map(said);
            for (const table of document.querySelectorAll('section table'))
              tables[table.closest('section').ariaLabel] = [...table.rows].map((row) => [...row.cells].map(said));
            return JSON.stringify({figures, tables});
            """;

    private static final String CHARTS_WITHOUT_TABLE = """
            return [...document.querySelectorAll('.chart, .years')]
                .filter((chart) => !chart.parentElement.querySelector('details table tbody tr')
                    || (chart.matches('.chart') && !chart.ariaLabel))
                .map((chart) => chart.outerHTML.slice(0, 120));
            """;

    private static final String QUIET =
            "document.querySelector('main h1') !== null && document.querySelector('.busy') === null"
                    + " && document.getElementById('announcer')?.textContent !== ''";

    /** Looks before each frame, by the clock that starts with the navigation. */
    private static final String WATCH = """
            const inView = (chart) => chart.getBoundingClientRect().top < innerHeight;
            const drawn = () => %s
                && [...document.querySelectorAll('.chart')].every((chart) => chart.dataset.drawn || !inView(chart));
            const look = () => {
              if (drawn()) window.drawnAfter = performance.now();
              else requestAnimationFrame(look);
            };
            requestAnimationFrame(look);
            """.formatted(QUIET);

    private final ChromeDriver driver;

    private Browser(ChromeDriver driver) {
        this.driver = driver;
    }

    /** Starts Chromium; where it is not installed the test says so, and fails where tests must not be left out. */
    public static Browser start() {
        Optional<Path> chromium = onPath("chromium", "chromium-browser", "google-chrome");
        Optional<Path> chromedriver = onPath("chromedriver");
        if (chromium.isEmpty() || chromedriver.isEmpty()) {
            String missing = "The page is NOT TESTED: no "
                    + (chromium.isEmpty() ? "Chromium" : "chromedriver")
                    + " on the PATH. On Debian: apt-get install chromium chromium-driver";
            System.err.println("\n*** " + missing + "\n");
            assertThat(System.getenv("CI")).as(missing).isNotEqualTo("true");
            Assumptions.abort(missing);
        }
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        logs.enable(LogType.PERFORMANCE, Level.ALL);
        ChromeOptions options = new ChromeOptions();
        options.setBinary(chromium.orElseThrow().toFile());
        options.setCapability("goog:loggingPrefs", logs);
        options.addArguments(
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-quic",
                "--no-first-run",
                "--no-proxy-server",
                "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
                "--window-size=1280,1000");
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(chromedriver.orElseThrow().toFile())
                .usingAnyFreePort()
                .build();
        Browser browser = new Browser(new ChromeDriver(service, options));
        browser.speak("en-GB");
        browser.wear("light", 1280);
        return browser;
    }

    private static Optional<Path> onPath(String... names) {
        return Arrays.stream(names)
                .flatMap(name -> Stream.of(System.getenv("PATH").split(File.pathSeparator))
                        .map(folder -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Sets the language of numbers and dates. */
    void speak(String language) {
        driver.executeCdpCommand("Emulation.setLocaleOverride", Map.of("locale", language));
    }

    /** Sets the colour scheme and the width of the window, in CSS pixels. */
    void wear(String scheme, int width) {
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of(
                        "features",
                        List.of(
                                Map.of("name", "prefers-color-scheme", "value", scheme),
                                Map.of("name", "prefers-reduced-motion", "value", "reduce"))));
        resize(width, 900);
    }

    private void resize(int width, long height) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 500));
    }

    /** Opens an address as if nothing were open, and waits until everything is there. */
    Shown open(String url) {
        driver.get("about:blank");
        driver.get(url);
        return read();
    }

    /** What is shown, once nothing is loading any more. */
    Shown read() {
        await().atMost(PATIENCE).until(this::isQuiet);
        try {
            JsonNode shown = JSON.readTree((String) driver.executeAsyncScript(UNFOLDED.formatted(READ)));
            return JSON.convertValue(shown, Shown.class);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private boolean isQuiet() {
        return (boolean) driver.executeScript("return document.readyState === 'complete' && " + QUIET);
    }

    /** Opens an address with an empty cache; returns milliseconds until figures and charts in view are there. */
    public double openColdly(String url) {
        forget();
        Map<String, Object> watch =
                driver.executeCdpCommand("Page.addScriptToEvaluateOnNewDocument", Map.of("source", WATCH));
        driver.get("about:blank");
        driver.get(url);
        await().atMost(PATIENCE)
                .until(() -> driver.executeScript("return window.drawnAfter > 0"), Boolean.TRUE::equals);
        driver.executeCdpCommand("Page.removeScriptToEvaluateOnNewDocument", watch);
        return ((Number) driver.executeScript("return window.drawnAfter")).doubleValue();
    }

    /** Returns the three longest API requests of the page, with start and end in milliseconds after it was opened. */
    public String slowestRequests() {
        return (String) driver.executeScript("""
                return performance.getEntriesByType('resource').filter((one) => one.name.includes('/api/'))
                    .sort((one, other) => other.duration - one.duration).slice(0, 3)
                    .map((one) => one.name.replace(/.*\\/|[?].*/g, '')
                        + ` ${Math.round(one.startTime)}-${Math.round(one.responseEnd)}`)
                    .join(', ');
                """);
    }

    /** Waits until an element's text holds that. */
    void awaitText(String selector, String text) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(text(selector)).contains(text));
    }

    String text(String selector) {
        return (String) driver.executeScript(
                "return [...document.querySelectorAll(arguments[0])].map((one) => one.textContent).join('\\n')",
                selector);
    }

    WebElement find(String selector) {
        return driver.findElement(By.cssSelector(selector));
    }

    void click(String selector) {
        await().atMost(PATIENCE).ignoreExceptions().until(() -> {
            find(selector).click();
            return true;
        });
    }

    void press(CharSequence... keys) {
        new Actions(driver).sendKeys(keys).perform();
    }

    String address() {
        return driver.getCurrentUrl();
    }

    Object run(String script, Object... arguments) {
        return driver.executeScript(script, arguments);
    }

    /** Walks the page by the tabulator key; everything that can be used is reached, in view, and shows that it is. */
    void expectEverythingReachedByKeyboard() {
        driver.executeScript("document.activeElement.blur(); window.scrollTo(0, 0);"
                + "document.addEventListener('focusin', (event) => { event.target.dataset.reached = 'yes'; });");
        String unreached = "return [...document.querySelectorAll('a[href], button, select, input, summary')]"
                + ".filter((one) => !one.disabled && one.tabIndex >= 0 && one.checkVisibility()"
                + " && !one.dataset.reached)"
                + ".map((one) => one.outerHTML.slice(0, 120))";
        for (int tabs = 0; tabs < 60; tabs++) {
            press(Keys.TAB, Keys.TAB, Keys.TAB, Keys.TAB, Keys.TAB);
            if (((List<?>) driver.executeScript(unreached)).isEmpty()) {
                return;
            }
        }
        assertThat((List<?>) driver.executeScript(unreached)).isEmpty();
    }

    /** Brings every chart into view; each is drawn, is named, and has a table behind it. */
    void expectEveryChartIsDrawnAndToldInATable() {
        List<WebElement> charts = driver.findElements(By.cssSelector(".chart"));
        for (WebElement chart : charts) {
            driver.executeScript("arguments[0].scrollIntoView()", chart);
            await().atMost(PATIENCE).until(() -> chart.getAttribute("data-drawn") != null);
        }
        driver.executeScript("window.scrollTo(0, 0)");
        assertThat((List<?>) driver.executeAsyncScript(UNFOLDED.formatted(CHARTS_WITHOUT_TABLE)))
                .isEmpty();
    }

    /** What axe finds wrong with the page for people who see little, or nothing, or use no mouse. */
    List<String> barriers() {
        return new AxeBuilder()
                .withTags(List.of("wcag2a", "wcag2aa", "wcag21a", "wcag21aa")).analyze(driver).getViolations().stream()
                        .map(Browser::written)
                        .toList();
    }

    private static String written(Rule rule) {
        return rule.getId() + ": " + rule.getHelp() + " "
                + rule.getNodes().stream()
                        .limit(3)
                        .map(node -> node.getHtml() + " " + node.getFailureSummary())
                        .toList();
    }

    /** How many pixels the page is wider than the window. */
    long overhang() {
        return (long) driver.executeScript(
                "return document.documentElement.scrollWidth - document.documentElement.clientWidth");
    }

    /** Takes the whole page, up to 3,000 pixels of its height. */
    void photograph(Path file, int width) throws IOException {
        long height = ((Number) driver.executeScript("return document.documentElement.scrollHeight")).longValue();
        resize(width, Math.min(3000, height));
        driver.executeScript("document.activeElement.blur(); window.scrollTo(0, 0)");
        Files.createDirectories(file.getParent());
        Files.write(file, driver.getScreenshotAs(org.openqa.selenium.OutputType.BYTES));
        resize(width, 900);
    }

    /** Clicks on what saves a file, and returns it. */
    Path save(String selector, Path folder) throws IOException {
        Files.createDirectories(folder);
        driver.executeCdpCommand(
                "Browser.setDownloadBehavior",
                Map.of(
                        "behavior",
                        "allow",
                        "downloadPath",
                        folder.toAbsolutePath().toString()));
        click(selector);
        return await().atMost(PATIENCE)
                .until(() -> saved(folder), Optional::isPresent)
                .orElseThrow();
    }

    private static Optional<Path> saved(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".csv")).findFirst();
        }
    }

    /** The value of a cookie, of those too that scripts do not see. */
    String cookie(String name) {
        return driver.manage().getCookieNamed(name).getValue();
    }

    /** What the console has complained about since it was last asked. */
    List<String> complaints() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
                .map(LogEntry::getMessage)
                .toList();
    }

    /** The addresses asked for since the last time, and the bytes that came over the wire for each. */
    public Map<String, Long> requests() throws IOException {
        Map<String, String> urls = new java.util.LinkedHashMap<>();
        Map<String, Long> bytes = new java.util.HashMap<>();
        for (LogEntry entry : driver.manage().logs().get(LogType.PERFORMANCE)) {
            JsonNode event = JSON.readTree(entry.getMessage()).path("message");
            String id = event.at("/params/requestId").asText();
            switch (event.path("method").asText()) {
                case "Network.requestWillBeSent" ->
                    urls.put(id, event.at("/params/request/url").asText());
                case "Network.loadingFinished" ->
                    bytes.merge(id, event.at("/params/encodedDataLength").asLong(), Long::sum);
                default -> {}
            }
        }
        return urls.entrySet().stream()
                .collect(toMap(Map.Entry::getValue, url -> bytes.getOrDefault(url.getKey(), 0L), Long::sum));
    }

    /** Makes the next page load everything anew. */
    void forget() {
        driver.executeCdpCommand("Network.clearBrowserCache", Map.of());
    }

    @Override
    public void close() {
        driver.quit();
    }

    /** The rows of a table without its heading. */
    static List<List<String>> body(List<List<String>> table) {
        return new ArrayList<>(table.subList(1, table.size()));
    }
}
