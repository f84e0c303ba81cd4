package tracklog.spotify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;
import org.apache.logging.log4j.core.layout.PatternLayout;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import tracklog.TestProgram;

/** One program, one Spotify and one wire between them for all tests; each starts with an empty store and all well. */
public final class Collector implements BeforeAllCallback, BeforeEachCallback {

    static final String CLIENT_SECRET = "the-client-secret";

    private Running running;

    private record Running(Spotify spotify, Wire wire, TestProgram program, Recorder recorder)
            implements AutoCloseable {

        static Running start() {
            try {
                Recorder recorder = new Recorder();
                Spotify spotify = new Spotify();
                spotify.reset();
                Wire wire = new Wire(spotify.server().port());
                TestProgram program = TestProgram.start(settings(spotify, Map.of("SPOTIFY_API_URL", wire.url())));
                return new Running(spotify, wire, program, recorder);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void close() throws java.io.IOException {
            program.close();
            wire.close();
            spotify.close();
            recorder.leave();
        }
    }

    /** Keeps what is logged. */
    private static final class Recorder extends AbstractAppender {

        private final List<String> lines = new CopyOnWriteArrayList<>();

        Recorder() {
            super(
                    "recorder",
                    null,
                    PatternLayout.newBuilder().withPattern("%p %m %xEx{full}").build(),
                    false,
                    Property.EMPTY_ARRAY);
            start();
            ((Logger) LogManager.getRootLogger()).addAppender(this);
        }

        @Override
        public void append(LogEvent event) {
            lines.add((String) toSerializable(event));
        }

        void leave() {
            ((Logger) LogManager.getRootLogger()).removeAppender(this);
        }
    }

    /** Settings under which nothing polls but {@link #poll}. */
    public static Map<String, String> settings(Spotify spotify, Map<String, String> more) {
        Map<String, String> settings = new HashMap<>(Map.of(
                "SPOTIFY_CLIENT_ID", "the-client-id",
                "SPOTIFY_CLIENT_SECRET", CLIENT_SECRET,
                "SPOTIFY_ACCOUNTS_URL", spotify.url(),
                "SPOTIFY_API_URL", spotify.url(),
                "SPOTIFY_RETRIES", "2",
                "SPOTIFY_RETRY_DELAY", "10",
                "SPOTIFY_TIMEOUT", "4000",
                "COLLECT_CRON", "0 0 0 1 1 ? 2099",
                "COLLECT_AT_START", "100000000"));
        settings.putAll(more);
        return settings;
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        running = context.getRoot()
                .getStore(ExtensionContext.Namespace.create(Collector.class))
                .getOrComputeIfAbsent(Running.class, key -> Running.start(), Running.class);
    }

    @Override
    public void beforeEach(ExtensionContext context) throws Exception {
        running.wire.mode(Wire.Mode.PASS);
        running.spotify.reset();
        running.recorder.lines.clear();
        clear(program());
    }

    Spotify spotify() {
        return running.spotify;
    }

    Wire wire() {
        return running.wire;
    }

    TestProgram program() {
        return running.program;
    }

    /** What was logged since the test began, by any program in this JVM. */
    List<String> log() {
        return running.recorder.lines;
    }

    /** Forgets everything that the program has stored, and every access token. */
    private static void clear(TestProgram program) throws Exception {
        // The poll right after connecting runs on when its test is over.
        await().atMost(Duration.ofSeconds(30))
                .until(() -> program.context().getInflightRepository().size() == 0);
        program.execute(
                "truncate play, track, track_alias, track_spelling, rejected_line, poll, import, spotify_connection"
                        + " cascade");
        program.execute("delete from listener where listener_id > 1");
        program.execute("update listener set spotify_user_id = null, name = 'me'");
        forgetAccessTokens(program);
    }

    static void forgetAccessTokens(TestProgram program) {
        AccessTokens tokens = program.context().getRegistry().lookupByNameAndType("accessTokens", AccessTokens.class);
        for (int listener = 0; listener < 500; listener++) {
            tokens.forget(listener);
        }
    }

    /** A connection as it is after /connect. */
    static void connect(TestProgram program, int listener, String refreshToken) throws Exception {
        try (var connection = program.store().dataSource().getConnection();
                var insert = connection.prepareStatement("insert into spotify_connection"
                        + " (listener_id, refresh_token, authorised_by) values (?, ?, 'connect')"
                        + " on conflict (listener_id) do update set refresh_token = excluded.refresh_token")) {
            insert.setInt(1, listener);
            insert.setBytes(2, program.store().cipher().encrypt(listener, refreshToken));
            insert.execute();
        }
    }

    static int newListener(TestProgram program, String name) throws Exception {
        program.execute("insert into listener (name, time_zone) values ('" + name + "', 'UTC')");
        return (int) program.number("select listener_id from listener where name = ?", name);
    }

    static String storedToken(TestProgram program, int listener) throws Exception {
        byte[] sealed =
                (byte[]) program.rows("select refresh_token from spotify_connection where listener_id = ?", listener)
                        .get(0)
                        .get("refresh_token");
        return program.store().cipher().decrypt(listener, sealed);
    }

    /** One firing of the timer. */
    static void poll(TestProgram program, String fireTime) throws Exception {
        try (ProducerTemplate template = program.context().createProducerTemplate()) {
            Exchange exchange =
                    template.send("direct:poll-due-listeners", firing -> firing.setVariable("fire_time", fireTime));
            assertThat(exchange.getException()).isNull();
        }
    }

    void poll(String fireTime) throws Exception {
        poll(program(), fireTime);
    }

    /** The ledger in order: outcome, calls, items, inserted, duplicates and rejected, one line a poll. */
    static List<String> ledger(TestProgram program) throws Exception {
        return program
                .rows("select outcome, calls, items, inserted, duplicates, rejected from poll order by poll_id")
                .stream()
                .map(row -> row.values().stream().map(String::valueOf).collect(Collectors.joining(" ")))
                .toList();
    }

    List<String> ledger() throws Exception {
        return ledger(program());
    }

    String error() throws Exception {
        return (String) program()
                .rows("select error from poll order by poll_id desc limit 1")
                .get(0)
                .get("error");
    }
}
