package tracklog.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import tracklog.TestProgram;

class DemoIT {

    @Test
    void theDemoImportsItsExportAndPollsItsStandInBehindAPassword() throws Exception {
        Properties demo = new Properties();
        try (InputStream in = DemoIT.class.getResourceAsStream("/demo/settings.properties")) {
            demo.load(in);
        }
        List.of("HTTP_PORT", "MANAGEMENT_PORT", "DATABASE_PORT").forEach(demo::remove);
        Map<String, String> settings = new HashMap<>(Map.of("DASHBOARD_PASSWORD", "secret"));
        demo.forEach((name, value) -> settings.put((String) name, (String) value));
        try (TestProgram program = TestProgram.start(settings)) {
            await().atMost(Duration.ofMinutes(2))
                    .until(() -> program.number("select count(distinct source) from play") == 2);
            HttpRequest status = HttpRequest.newBuilder(URI.create(program.http("/api/v1/status")))
                    .build();
            assertThat(HttpClient.newHttpClient()
                            .send(status, BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(401);
        }
    }
}
