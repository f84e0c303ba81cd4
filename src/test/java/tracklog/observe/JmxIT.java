package tracklog.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.rmi.registry.LocateRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tracklog.ChildProgram;
import tracklog.Settings;
import tracklog.TestProgram;

/** JMX of the packaged program: off by default, on loopback only, behind its password; and what is told over it. */
class JmxIT {

    private static final String PASSWORD = "jmx-5ec2e7";

    private static ChildProgram program;
    private static Map<String, String> settings;
    private static int port;

    @BeforeAll
    static void start() throws Exception {
        Path dataDir = ChildProgram.newDataDir();
        port = TestProgram.freePort();
        Path password = Files.writeString(dataDir.resolveSibling("jmx.password"), PASSWORD + "\n");
        settings = Map.of("JMX_PORT", Integer.toString(port), "JMX_PASSWORD_FILE", password.toString());
        program = ChildProgram.start(dataDir, settings);
    }

    @AfterAll
    static void stop() throws Exception {
        program.close();
    }

    @Test
    void isOffUnlessAskedForAndCanBeTurnedOnByJcmd() throws Exception {
        try (ChildProgram silent = ChildProgram.start(ChildProgram.newDataDir(), Map.of())) {
            assertThat(listening(silent))
                    .containsExactlyInAnyOrder(
                            "127.0.0.1:" + silent.setting("HTTP_PORT"),
                            "127.0.0.1:" + silent.setting("MANAGEMENT_PORT"));
            assertThat(routes(silent, Map.of())).contains("JMX is off. Set JMX_PORT");

            String started = Integer.toString(TestProgram.freePort());
            jcmd(
                    silent,
                    "ManagementAgent.start",
                    "jmxremote.host=127.0.0.1",
                    "jmxremote.port=" + started,
                    "jmxremote.rmi.port=" + started,
                    "jmxremote.authenticate=false",
                    "jmxremote.ssl=false");
            assertThat(listening(silent)).hasSize(3).contains("127.0.0.1:" + started);
            assertThat(routes(silent, Map.of("JMX_PORT", started))).contains("collect-plays");
            jcmd(silent, "ManagementAgent.stop");
            assertThat(listening(silent)).hasSize(2);
        }
    }

    @Test
    void listensOnLoopbackOnly() throws Exception {
        assertThat(listening(program))
                .containsExactlyInAnyOrder(
                        "127.0.0.1:" + port,
                        "127.0.0.1:" + program.setting("HTTP_PORT"),
                        "127.0.0.1:" + program.setting("MANAGEMENT_PORT"));
    }

    @Test
    void refusesAWrongPasswordAndNone() {
        for (Map<String, String> wrong : List.of(Map.of("JMX_PASSWORD", "guessed"), Map.<String, String>of())) {
            Map<String, String> mine = new HashMap<>(wrong);
            mine.put("JMX_PORT", Integer.toString(port));
            assertThatThrownBy(() -> Jmx.connect(new Settings(mine)).close())
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("refuses JMX_PASSWORD");
        }
    }

    @Test
    void nobodyElseCanTakeItsPlace() throws Exception {
        var registry = LocateRegistry.getRegistry("127.0.0.1", port);
        assertThat(registry.list()).containsExactly("jmxrmi");
        assertThatThrownBy(() -> registry.rebind("jmxrmi", registry.lookup("jmxrmi")))
                .hasStackTraceContaining("REJECTED");
    }

    @Test
    void noMBeanShowsThePassword() throws Exception {
        int seen = 0;
        try (JMXConnector connector = Jmx.connect(new Settings(settings))) {
            MBeanServerConnection beans = connector.getMBeanServerConnection();
            for (ObjectName name : beans.queryNames(null, null)) {
                for (var attribute : beans.getMBeanInfo(name).getAttributes()) {
                    seen++;
                    for (var value : beans.getAttributes(name, new String[] {attribute.getName()})
                            .asList()) {
                        assertThat(String.valueOf(value.getValue())).doesNotContain(PASSWORD);
                    }
                }
            }
        }
        assertThat(seen).isGreaterThan(500);
    }

    @Test
    void routesPrintsATableOfEveryRoute() throws Exception {
        Files.copy(
                Path.of("src/test/resources/formats/extended-today.json"),
                program.inbox().resolve("export.json"));
        program.awaitOutput("export.json");
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(routes(program, settings))
                        .containsPattern("(?m)^route +total +failed +in flight +mean ms +last$")
                        .containsPattern("(?m)^merge-documents +1 +0 +0 +\\d+  20[0-9-]+T[0-9:]+Z$")
                        .containsPattern("(?m)^connect-spotify +0 +0 +0 +-?\\d+  -$"));
        assertThat(routes(program, settings).lines().skip(1).map(line -> line.split(" ", 2)[0]))
                .isSorted()
                .contains("collect-plays", "store-page", "measure");
    }

    private static String routes(ChildProgram program, Map<String, String> settings) throws Exception {
        ChildProgram child =
                ChildProgram.launch(Path.of(program.setting("DATA_DIR")), settings, List.of("-Xmx64m"), "routes");
        child.awaitExit();
        return child.output();
    }

    private static void jcmd(ChildProgram program, String... command) throws Exception {
        List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin/jcmd").toString(),
                Long.toString(program.jvm().pid())));
        line.addAll(List.of(command));
        assertThat(new ProcessBuilder(line).inheritIO().start().waitFor()).isZero();
    }

    /** The TCP sockets on which the JVM itself listens, as Linux knows them. */
    private static List<String> listening(ChildProgram program) throws IOException {
        Path process = Path.of("/proc", Long.toString(program.jvm().pid()));
        List<String> inodes = new ArrayList<>();
        try (Stream<Path> descriptors = Files.list(process.resolve("fd"))) {
            for (Path descriptor : descriptors.toList()) {
                try {
                    inodes.add(Files.readSymbolicLink(descriptor).toString());
                } catch (NoSuchFileException closed) {
                    // it listens no more
                }
            }
        }
        List<String> addresses = new ArrayList<>();
        for (String table : List.of("net/tcp", "net/tcp6")) {
            for (String line : Files.readAllLines(process.resolve(table))) {
                String[] cells = line.strip().split("\\s+", -1);
                if (cells[3].equals("0A") && inodes.contains("socket:[" + cells[9] + "]")) {
                    addresses.add(address(cells[1]));
                }
            }
        }
        return addresses;
    }

    /** {@code 0100007F:2332}: the kernel writes an address as words of the machine's byte order. */
    private static String address(String hex) throws IOException {
        String[] parts = hex.split(":", -1);
        ByteBuffer words = ByteBuffer.wrap(HexFormat.of().parseHex(parts[0])).order(ByteOrder.nativeOrder());
        ByteBuffer bytes = ByteBuffer.allocate(words.capacity());
        while (words.hasRemaining()) {
            bytes.putInt(words.getInt());
        }
        return InetAddress.getByAddress(bytes.array()).getHostAddress() + ":" + Integer.parseInt(parts[1], 16);
    }
}
