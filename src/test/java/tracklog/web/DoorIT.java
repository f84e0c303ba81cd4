package tracklog.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Keys;
import tracklog.TestProgram;
import tracklog.Trees;
import tracklog.store.ListenerName;

/** With a password: who gets in, and what they may bring. */
class DoorIT {

    private static final String PASSWORD = "correct horse";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SESSION = "/api/v1/session";
    private static final String UPLOADS = "/api/v1/uploads";

    private static TestProgram program;
    private static Client client;
    private static String cookie;

    @BeforeAll
    static void start() throws Exception {
        program = TestProgram.start(Map.of("DASHBOARD_PASSWORD", PASSWORD));
        client = new Client(program);
        cookie = cookie(logIn(PASSWORD));
    }

    @AfterAll
    static void stop() {
        program.close();
    }

    @Test
    void everythingButThePageAndTheLoginNeedsThePassword() throws Exception {
        JsonNode api = JSON.readTree(client.send(client.request("/api/v1/openapi")
                        .header("Cookie", cookie)
                        .GET())
                .body());
        assertThat(api.path("paths").size()).isGreaterThan(30);
        for (Map.Entry<String, JsonNode> path : api.path("paths").properties()) {
            String at = "/api/v1" + path.getKey().replace("{listener_id}", "1");
            for (String method : List.of("GET", "POST", "PATCH", "PUT", "DELETE")) {
                if (!at.equals(SESSION)) {
                    HttpResponse<String> answer =
                            client.send(client.change(at).method(method, BodyPublishers.noBody()));
                    assertThat(answer.statusCode()).as(method + " " + at).isEqualTo(401);
                    assertThat(answer.headers().firstValue("content-type")).hasValue("application/problem+json");
                }
            }
        }
        assertThat(client.send(client.request("/connect").GET()).statusCode()).isEqualTo(303);
        assertThat(client.send(client.request("/demo/api/v1/me").GET()).statusCode())
                .isEqualTo(303);
        assertThat(client.send(client.request("/").GET()).statusCode()).isEqualTo(200);
        assertThat(client.send(HttpRequest.newBuilder(URI.create(program.management("/observe/health/live"))))
                        .statusCode())
                .isNotEqualTo(401);
        assertThat(client.send(client.request("/api/v1/listeners")
                                .header("Cookie", cookie)
                                .GET())
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void aSessionEndsWithTheLogoutAndWasNeverInTheHandsOfScripts() throws Exception {
        HttpResponse<String> in = logIn(PASSWORD);
        assertThat(in.headers().firstValue("set-cookie").orElseThrow())
                .contains("HttpOnly", "SameSite=Strict", "Path=/");
        String own = cookie(in);
        assertThat(own).isNotEqualTo(cookie);
        assertThat(isIn(own)).isTrue();
        assertThat(client.send(client.change(SESSION).header("Cookie", own).DELETE())
                        .statusCode())
                .isEqualTo(204);
        assertThat(isIn(own)).isFalse();
        assertThat(isIn(cookie)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "tracklog_session=", "tracklog_session=guess", "other=1; tracklog_session=%00"})
    void noCookieButOursIsASession(String forged) throws Exception {
        assertThat(isIn(forged)).isFalse();
    }

    @Test
    void aWrongPasswordDelaysTheNextAttempt() throws Exception {
        try {
            for (String wrong : List.of("", "correct horsf", "CORRECT HORSE")) {
                HttpResponse<String> answer = await().atMost(Duration.ofMinutes(1))
                        .until(() -> logIn(wrong), attempt -> attempt.statusCode() != 429);
                assertThat(answer.statusCode()).isEqualTo(401);
                assertThat(answer.headers().firstValue("set-cookie")).isEmpty();
                HttpResponse<String> tooSoon = logIn(PASSWORD);
                assertThat(tooSoon.statusCode()).isEqualTo(429);
                assertThat(tooSoon.headers().firstValue("retry-after")).isPresent();
            }
            assertThat(isIn(cookie)).as("who is in stays in").isTrue();
        } finally {
            await().atMost(Duration.ofMinutes(1)).until(() -> logIn(PASSWORD).statusCode() == 200);
        }
    }

    @Test
    void aLoginFromAnotherPageIsNone() throws Exception {
        String body = "{\"password\": \"" + PASSWORD + "\"}";
        assertThat(client.send(client.request(SESSION).POST(BodyPublishers.ofString(body)))
                        .statusCode())
                .isEqualTo(403);
        assertThat(client.send(client.change(SESSION)
                                .header("Origin", "http://evil.example")
                                .POST(BodyPublishers.ofString(body)))
                        .statusCode())
                .isEqualTo(403);
        assertThat(client.send(client.change(UPLOADS + "?name=a.json")
                                .header("Cookie", cookie)
                                .header("Origin", "http://evil.example")
                                .POST(BodyPublishers.ofString("[]")))
                        .statusCode())
                .isEqualTo(403);
        assertThat(client.send(client.change(SESSION).POST(BodyPublishers.ofString("[\"password\"]")))
                        .statusCode())
                .isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../../evil.json",
                "/etc/evil.json",
                "..",
                "a/../../b.json",
                "C:\\evil.json",
                ".hidden.json",
                "%00"
            })
    void anUploadIsNeverNamedByThePathThatItsSenderGives(String name) throws Exception {
        HttpResponse<String> answer = upload(java.net.URLEncoder.encode(name, UTF_8), BodyPublishers.ofString("{}"));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        String document = JSON.readTree(answer.body()).path("document").asText();
        assertThat(document).matches("[0-9TZ]+-[0-9a-f]{12}-[A-Za-z0-9._-]{1,60}");
        assertThat(Trees.files(program.dataDir()))
                .noneMatch(file -> !file.startsWith(program.inbox())
                        && file.getFileName().toString().contains("evil"));
    }

    @Test
    void anUploadArrivesWholeAndIsImported() throws Exception {
        String line =
                "{\"ts\": \"2024-05-01T10:00:00Z\", \"ms_played\": 60000, \"master_metadata_track_name\": \"Song\","
                        + " \"master_metadata_album_artist_name\": \"Artist\","
                        + " \"spotify_track_uri\": \"spotify:track:up\"}";
        HttpResponse<String> answer = upload("history.json", BodyPublishers.ofString("[" + line + "]"));
        assertThat(answer.statusCode()).isEqualTo(201);
        JsonNode upload = JSON.readTree(answer.body());
        assertThat(upload.path("bytes").asInt()).isEqualTo(line.length() + 2);
        assertThat(upload.path("name").asText()).isEqualTo("history.json");
        await().atMost(Duration.ofMinutes(1))
                .until(() -> program.number(
                                "select count(*) from import where state = 'done' and document = ?",
                                upload.path("document").asText())
                        == 1);
        assertThat(program.number(
                        "select count(*) from play join track using (track_id) where uri = 'spotify:track:up'"))
                .isEqualTo(1);
    }

    @Test
    void anUploadThatTheDiskCannotHoldIsRefusedBeforeItIsSent() throws Exception {
        String head = "POST " + UPLOADS + "?name=big.zip HTTP/1.1\r\nHost: x\r\nX-Tracklog: 1\r\nCookie: " + cookie
                + "\r\nContent-Length: ";
        assertThat(client.raw(head + Long.MAX_VALUE + "\r\n\r\n"))
                .startsWith("HTTP/1.1 413")
                .contains("room for");
        assertThat(growing()).isEmpty();
    }

    @Test
    void anUploadThatIsBrokenOffLeavesNothing() throws Exception {
        try (Socket socket = halfAnUpload()) {
            assertThat(socket.isConnected()).isTrue();
            await().atMost(Duration.ofSeconds(30)).until(() -> !growing().isEmpty());
        }
        await().atMost(Duration.ofSeconds(30)).until(() -> growing().isEmpty());
        try (Stream<Path> files = Files.list(program.inbox())) {
            assertThat(files.filter(file -> file.toString().contains("half"))).isEmpty();
        }
    }

    @Test
    void uploadsBeyondEightAtOnceAreRefusedAndThePageStillResponds() throws Exception {
        List<Socket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < 8; i++) {
                sockets.add(halfAnUpload());
            }
            await().atMost(Duration.ofSeconds(30)).until(() -> growing().size() == 8);
            HttpResponse<String> ninth = upload("ninth.json", BodyPublishers.ofString("[]"));
            assertThat(ninth.statusCode()).isEqualTo(503);
            assertThat(ninth.headers().firstValue("retry-after")).isPresent();
            assertThat(isIn(cookie)).isTrue();
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
        await().atMost(Duration.ofSeconds(30)).until(() -> growing().isEmpty());
        assertThat(upload("next.json", BodyPublishers.ofString("[]")).statusCode())
                .isEqualTo(201);
    }

    @Test
    void anUploadForAListenerGoesToTheirFolder() throws Exception {
        HttpResponse<String> added = client.send(client.change("/api/v1/listeners")
                .header("Cookie", cookie)
                .POST(BodyPublishers.ofString("{\"name\": \"a ${b} m%65\"}")));
        String listener = JSON.readTree(added.body()).path("listener_id").asText();
        HttpResponse<String> answer = upload("theirs.json&listener=" + listener, BodyPublishers.ofString("[]"));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        String folder = ListenerName.folder("a ${b} m%65");
        assertThat(JSON.readTree(answer.body()).path("document").asText()).startsWith("listeners/" + folder + "/");
    }

    @Test
    void aRefusedUploadLeavesTheOthersOfItsConnectionAlone() throws Exception {
        HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();
        HttpRequest page = client.request("/").GET().build();
        assertThat(http.send(page, BodyHandlers.ofString()).version()).isEqualTo(HttpClient.Version.HTTP_2);

        SubmissionPublisher<ByteBuffer> slow = new SubmissionPublisher<>();
        SubmissionPublisher<ByteBuffer> endless = new SubmissionPublisher<>();
        CompletableFuture<HttpResponse<String>> accepted = http.sendAsync(
                client.change(UPLOADS + "?name=slow.json")
                        .header("Cookie", cookie)
                        .POST(BodyPublishers.fromPublisher(slow))
                        .build(),
                BodyHandlers.ofString());
        await().atMost(Duration.ofSeconds(30)).until(() -> !growing().isEmpty());

        // Java's client waits for the end of its body before it tells the answer.
        CompletableFuture<HttpResponse<String>> refused = http.sendAsync(
                client.change(UPLOADS + "?name=refused.json")
                        .POST(BodyPublishers.fromPublisher(endless))
                        .build(),
                BodyHandlers.ofString());
        await().atMost(Duration.ofSeconds(30)).until(endless::hasSubscribers);
        Thread.sleep(2 * Guard.TIME_TO_READ_MS);

        slow.submit(ByteBuffer.wrap("[]".getBytes(UTF_8)));
        slow.close();
        HttpResponse<String> answer = accepted.get(30, TimeUnit.SECONDS);
        assertThat(answer.statusCode()).isEqualTo(201);
        assertThat(JSON.readTree(answer.body()).path("bytes").asInt()).isEqualTo(2);
        endless.close();
        assertThat(refused.get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(strings = {"?name=a.json&listener=99", "?name=a.json&listener=../1", "?name=", ""})
    void anUploadForNobodyIsToldSo(String query) throws Exception {
        HttpResponse<String> answer = client.send(
                client.change(UPLOADS + query).header("Cookie", cookie).POST(BodyPublishers.ofString("[]")));
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(JSON.readTree(answer.body()).path("detail").asText()).isNotBlank();
    }

    @Test
    void aPersonLogsInWhereTheyWantedToGoAndOutAgain() throws Exception {
        try (Browser browser = Browser.start()) {
            String wanted = program.http("/#/log?search=nothing");
            browser.open(wanted);
            assertThat(browser.text("main")).contains("Password").doesNotContain("Log\n", "Played");
            assertThat(browser.barriers()).isEmpty();
            browser.photograph(Path.of("target/screenshots/login-light.png"), 1280);
            browser.find("#password").sendKeys("a guess", Keys.ENTER);
            browser.awaitText("[role=alert]", "That is not the password");
            // A wrong one delays the next attempt, of the right one too.
            await().atMost(Duration.ofSeconds(30))
                    .pollInterval(Duration.ofSeconds(1))
                    .until(() -> {
                        if (browser.text("h1").equals("Tracklog")) {
                            browser.find("#password").clear();
                            browser.find("#password").sendKeys(PASSWORD, Keys.ENTER);
                        }
                        return browser.text("h1").equals("Log");
                    });
            assertThat(browser.address()).isEqualTo(wanted);
            assertThat(browser.open(wanted).tables()).isEmpty();
            assertThat(browser.text("main")).contains("No play has “nothing”");
            assertThat(browser.run("return document.cookie")).isEqualTo("");
            String session = "tracklog_session=" + browser.cookie("tracklog_session");
            assertThat(isIn(session)).isTrue();

            browser.click("#log-out");
            browser.awaitText("main", "Password");
            assertThat(browser.address()).isEqualTo(wanted);
            assertThat(browser.find("#log-out").isDisplayed()).isFalse();
            assertThat(isIn(session)).isFalse();
            browser.open(program.http("/#/status"));
            assertThat(browser.text("main")).contains("Password").doesNotContain("Imports");
        }
    }

    private static Socket halfAnUpload() throws IOException {
        URI page = URI.create(program.http("/"));
        Socket socket = new Socket(page.getHost(), page.getPort());
        OutputStream out = socket.getOutputStream();
        out.write(("POST " + UPLOADS + "?name=half.json HTTP/1.1\r\nHost: x\r\nX-Tracklog: 1\r\nCookie: " + cookie
                        + "\r\nContent-Length: 1000000\r\n\r\n[")
                .getBytes(UTF_8));
        out.flush();
        return socket;
    }

    private static List<Path> growing() throws IOException {
        try (Stream<Path> files = Files.list(program.inbox())) {
            return files.filter(file -> file.toString().endsWith(".part")).toList();
        }
    }

    private static HttpResponse<String> upload(String name, HttpRequest.BodyPublisher body) throws Exception {
        return client.send(client.change(UPLOADS + "?name=" + name)
                .header("Cookie", cookie)
                .POST(body));
    }

    private static HttpResponse<String> logIn(String password) throws Exception {
        return client.send(
                client.change(SESSION).POST(BodyPublishers.ofString("{\"password\": \"" + password + "\"}")));
    }

    private static String cookie(HttpResponse<String> answer) {
        return answer.headers().firstValue("set-cookie").orElseThrow().replaceFirst(";.*", "");
    }

    private static boolean isIn(String cookie) throws Exception {
        return client.send(client.request("/api/v1/listeners")
                                .header("Cookie", cookie)
                                .GET())
                        .statusCode()
                == 200;
    }
}
