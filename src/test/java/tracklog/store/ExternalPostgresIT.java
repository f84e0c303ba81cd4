package tracklog.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tracklog.ChildProgram;
import tracklog.Settings;
import tracklog.TestProgram;

/** A database that Tracklog does not run itself. */
class ExternalPostgresIT {

    private static final String TOKEN_KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    private static ExternalServer server;
    private static TestProgram program;

    /** The program starts before its database. */
    @BeforeAll
    static void start() throws Exception {
        server = new ExternalServer();
        CompletableFuture<TestProgram> starting = CompletableFuture.supplyAsync(() -> {
            try {
                return TestProgram.start(external("postgres", ExternalServer.PASSWORD));
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        Thread.sleep(3_000);
        assertThat(starting).isNotDone();
        server.start();
        program = starting.get(2, TimeUnit.MINUTES);
    }

    @AfterAll
    static void stop() throws Exception {
        if (program != null) {
            program.close();
        }
        server.close();
    }

    @Test
    void importsIntoIt() throws Exception {
        long version = program.number("select current_setting('server_version_num')::integer / 10000");
        System.out.println("The external database is a PostgreSQL " + version);
        assertThat(program.dataDir().resolve("postgres")).doesNotExist();
        Files.copy(
                Path.of("src/test/resources/formats/extended-today.json"),
                program.inbox().resolve("today.json"));
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(program.number("select count(*) from import where state = 'done'"))
                        .isOne());
        assertThat(program.number("select count(*) from play")).isEqualTo(6);
        assertThat(program.number("select count(*) from listening_history")).isPositive();
    }

    @Test
    void needsATokenKey() {
        Map<String, String> settings = new HashMap<>(external("postgres", ExternalServer.PASSWORD));
        settings.remove("TOKEN_KEY");
        assertThatThrownBy(() -> open(settings))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("TOKEN_KEY is required");
    }

    @Test
    void saysSoWhenItIsRefused() {
        assertThatThrownBy(() -> open(external("postgres", "wrong")))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("password authentication failed")
                .hasMessageContaining("DATABASE_PASSWORD");
        assertThatThrownBy(() -> open(external("nowhere", ExternalServer.PASSWORD)))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("\"nowhere\" does not exist")
                .hasMessageContaining("DATABASE_URL");
        Map<String, String> settings = new HashMap<>(external("postgres", ExternalServer.PASSWORD));
        settings.put("DATABASE_URL", "postgres://tracklog@host/tracklog");
        assertThatThrownBy(() -> open(settings)).hasMessageContaining("must look like jdbc:postgresql://");
    }

    @Test
    void saysSoWhenTheServerIsTooOld() throws Exception {
        try (ServerSocket old = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread server = new Thread(() -> greetAsVersion14(old));
            server.start();
            Map<String, String> settings = new HashMap<>(external("postgres", "any"));
            settings.put(
                    "DATABASE_URL",
                    "jdbc:postgresql://127.0.0.1:" + old.getLocalPort() + "/tracklog?sslmode=disable&gssEncMode=disable"
                            + "&ApplicationName=PostgreSQL%20JDBC%20Driver");
            assertThatThrownBy(() -> open(settings))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("is a PostgreSQL 14")
                    .hasMessageContaining("15 or newer");
        }
    }

    /** Implements PostgreSQL's protocol as far as a login needs it. The response to each later message is "done". */
    private static void greetAsVersion14(ServerSocket listening) {
        try (Socket client = listening.accept();
                DataInputStream in = new DataInputStream(client.getInputStream());
                DataOutputStream out = new DataOutputStream(client.getOutputStream())) {
            in.skipNBytes(in.readInt() - 4);
            send(out, 'R', new byte[] {0, 0, 0, 0});
            for (String parameter : new String[] {
                "server_version\00014.9\000",
                "client_encoding\000UTF8\000",
                "DateStyle\000ISO, MDY\000",
                "integer_datetimes\000on\000",
                "standard_conforming_strings\000on\000"
            }) {
                send(out, 'S', parameter.getBytes(UTF_8));
            }
            send(out, 'Z', new byte[] {'I'});
            while (true) {
                int type = in.read();
                if (type < 0 || type == 'X') {
                    return;
                }
                in.skipNBytes(in.readInt() - 4);
                switch (type) {
                    case 'P' -> send(out, '1', new byte[0]);
                    case 'B' -> send(out, '2', new byte[0]);
                    case 'D' -> send(out, 'n', new byte[0]);
                    case 'E' -> send(out, 'C', "SET\000".getBytes(UTF_8));
                    case 'Q' -> {
                        send(out, 'C', "SET\000".getBytes(UTF_8));
                        send(out, 'Z', new byte[] {'I'});
                    }
                    case 'S' -> send(out, 'Z', new byte[] {'I'});
                    default -> {}
                }
            }
        } catch (IOException e) {
            // The client has closed the connection.
        }
    }

    private static void send(DataOutputStream out, char type, byte[] content) throws IOException {
        out.writeByte(type);
        out.writeInt(content.length + 4);
        out.write(content);
        out.flush();
    }

    private static Map<String, String> external(String database, String password) {
        return Map.of("DATABASE_URL", server.url(database), "DATABASE_PASSWORD", password, "TOKEN_KEY", TOKEN_KEY);
    }

    private static void open(Map<String, String> settings) throws Exception {
        Map<String, String> all = new HashMap<>(settings);
        all.put("DATA_DIR", ChildProgram.newDataDir().toString());
        Store.open(new Settings(all)).close();
    }
}
