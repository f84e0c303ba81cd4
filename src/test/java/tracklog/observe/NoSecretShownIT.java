package tracklog.observe;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.serverError;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static java.net.http.HttpResponse.BodyHandlers.ofString;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.tomakehurst.wiremock.WireMockServer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.management.JMException;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanOperationInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;
import org.apache.logging.log4j.core.layout.PatternLayout;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tracklog.TestProgram;
import tracklog.Trees;

/** No secret in a log, a metric, an MBean, a route dump, health or an error page, whatever happens. */
class NoSecretShownIT {

    private static final String CLIENT_SECRET = "5ec2e7c11e27";
    private static final String REFRESH_TOKEN = "AQ-5ec2e7-2ef2e5h";
    private static final String ROTATED_TOKEN = "AQ-5ec2e7-20tated";
    private static final String ACCESS_TOKEN = "BQ-5ec2e7-acce55";
    private static final String DATABASE_PASSWORD = "5ec2e7-data6a5e";
    private static final String TOKEN_KEY = "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlYzE=";

    private static final MBeanServer BEANS = ManagementFactory.getPlatformMBeanServer();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Queue<String> LOG = new ConcurrentLinkedQueue<>();

    private static WireMockServer spotify;
    private static TestProgram program;
    private static AbstractAppender appender;

    @BeforeAll
    static void start() throws Exception {
        appender = new AbstractAppender("test", null, PatternLayout.createDefaultLayout(), true, Property.EMPTY_ARRAY) {
            @Override
            public void append(LogEvent event) {
                LOG.add(event.getMessage().getFormattedMessage());
                for (Throwable cause = event.getThrown(); cause != null; cause = cause.getCause()) {
                    LOG.add(cause.toString());
                }
            }
        };
        appender.start();
        ((Logger) LogManager.getRootLogger()).addAppender(appender);
        spotify = new WireMockServer(options().dynamicPort());
        spotify.start();
        spotify.stubFor(any(anyUrl()).willReturn(serverError().withBody("Bearer " + ACCESS_TOKEN)));
        spotify.stubFor(post(urlPathEqualTo("/api/token"))
                .willReturn(okJson("{\"access_token\": \"" + ACCESS_TOKEN + "\", \"token_type\": \"Bearer\","
                        + " \"expires_in\": 3600, \"refresh_token\": \"" + ROTATED_TOKEN + "\"}")));
        spotify.stubFor(get(urlPathEqualTo("/v1/me"))
                .willReturn(okJson("{\"id\": \"someone\", \"display_name\": \"Someone\"}")));
        // Those of the pipeline's secret come from AWS Secrets Manager, which the same server stands in for.
        System.setProperty("aws.endpointUrlSecretsManager", spotify.baseUrl());
        System.setProperty("aws.region", "eu-north-1");
        System.setProperty("aws.accessKeyId", "the-access-key");
        System.setProperty("aws.secretAccessKey", "the-secret-access-key");
        spotify.stubFor(post("/")
                .withHeader("X-Amz-Target", equalTo("secretsmanager.GetSecretValue"))
                .willReturn(okJson(new ObjectMapper()
                        .writeValueAsString(Map.of(
                                "SecretString",
                                new ObjectMapper()
                                        .writeValueAsString(Map.of(
                                                "SPOTIFY_CLIENT_ID", "c11e27",
                                                "SPOTIFY_CLIENT_SECRET", CLIENT_SECRET,
                                                "SPOTIFY_REFRESH_TOKEN", REFRESH_TOKEN,
                                                "DB_USER_PASSWORD", DATABASE_PASSWORD)))))));
        program = TestProgram.start(Map.of(
                "AWS_SECRET_NAME",
                "tracklog-secret",
                "SPOTIFY_ACCOUNTS_URL",
                spotify.baseUrl(),
                "SPOTIFY_API_URL",
                spotify.baseUrl(),
                "SPOTIFY_RETRY_DELAY",
                "50",
                "TOKEN_KEY",
                TOKEN_KEY,
                "MEASURE_PERIOD",
                "300"));
        Files.writeString(program.inbox().resolve("broken.json"), "{\"broken");
        await().atMost(Duration.ofSeconds(40))
                .until(() -> program.number("select count(*) from import where state = 'failed'") > 0
                        && program.number("select count(*) from poll where calls > 2 or outcome = 'server_error'") > 0);
    }

    @AfterAll
    static void stop() throws Exception {
        program.close();
        spotify.stop();
        System.clearProperty("aws.endpointUrlSecretsManager");
        System.clearProperty("aws.region");
        try {
            holdsNoSecret("the log of the whole run", String.join("\n", LOG));
        } finally {
            ((Logger) LogManager.getRootLogger()).removeAppender(appender);
        }
    }

    @Test
    void noMBeanShowsOneNorAnyDumpOfARoute() throws Exception {
        Map<String, String> shown = new TreeMap<>();
        for (ObjectName name : BEANS.queryNames(null, null)) {
            for (MBeanAttributeInfo attribute : BEANS.getMBeanInfo(name).getAttributes()) {
                shown.put(name + " " + attribute.getName(), attribute(name, attribute));
            }
            for (MBeanOperationInfo operation : BEANS.getMBeanInfo(name).getOperations()) {
                if (tells(name, operation)) {
                    shown.put(
                            name + " " + operation.getName() + Arrays.toString(operation.getSignature()),
                            dump(name, operation));
                }
            }
        }
        assertThat(shown.keySet()).hasSizeGreaterThan(500);
        assertThat(shown.entrySet().stream()
                        .filter(entry -> entry.getKey().contains("dumpRoute")
                                && entry.getKey().contains("type=routes"))
                        .map(Map.Entry::getValue))
                .as("dumps with all placeholders resolved are among what was searched")
                .hasSizeGreaterThan(2 * program.context().getRoutesSize())
                .anyMatch(dump -> dump.contains(program.dataDir().getFileName() + "/inbox"));
        shown.forEach(NoSecretShownIT::holdsNoSecret);
    }

    @Test
    void noAnswerOverHttpShowsOne() throws Exception {
        for (String base : List.of(program.http(""), program.management(""))) {
            for (String path : List.of(
                    "/",
                    "/nowhere",
                    "/%00",
                    "/callback?error=access_denied&state=x",
                    "/callback?code=x&state=x",
                    "/connect",
                    "/observe/health?data=true&stackTrace=true&exposureLevel=full",
                    "/observe/health/live?data=true",
                    "/observe/health/ready?data=true&stackTrace=true",
                    "/observe/metrics",
                    "/q/dev",
                    "/api/v1/nowhere")) {
                for (String method : List.of("GET", "POST")) {
                    var request = HttpRequest.newBuilder(URI.create(base + path))
                            .method(
                                    method,
                                    method.equals("GET") ? BodyPublishers.noBody() : BodyPublishers.ofString("{"))
                            .build();
                    var response = HTTP.send(request, ofString());
                    String answer = response.headers().map() + response.body();
                    holdsNoSecret(method + " " + base + path, answer);
                    assertThat(answer).as(method + " " + base + path).doesNotContain("\tat ");
                }
            }
        }
    }

    @Test
    void noFileShowsOneButThoseForItsOwner() throws Exception {
        Set<String> owned = Set.of("database.password", "reader.password", "token.key");
        int searched = 0;
        for (Path file : Trees.files(program.dataDir())) {
            if (owned.contains(file.getFileName().toString()) || file.toFile().length() >= 1 << 20) {
                continue;
            }
            try {
                holdsNoSecret(file.toString(), Files.readString(file, ISO_8859_1));
                searched++;
            } catch (NoSuchFileException taken) {
                // the server and the inbox move files as they run
            }
        }
        assertThat(searched).isGreaterThan(100);
    }

    @Test
    void mBeansAreNamedAsTheRoutesAre() throws Exception {
        Set<String> names =
                BEANS.queryNames(new ObjectName("org.apache.camel:context=tracklog,type=routes,*"), null).stream()
                        .map(name -> name.getKeyProperty("name").replace("\"", ""))
                        .collect(Collectors.toSet());
        assertThat(names)
                .containsExactlyInAnyOrderElementsOf(program.context().getRoutes().stream()
                        .map(route -> route.getId())
                        .toList())
                .contains("import-history", "collect-plays", "measure");
        ObjectName route = new ObjectName("org.apache.camel:context=tracklog,type=routes,name=\"import-history\"");
        assertThat((long) BEANS.getAttribute(route, "ExchangesTotal")).isPositive();
        assertThat(BEANS.getAttribute(route, "Description")).isNotNull();
        assertThat(System.getProperty("com.sun.management.jmxremote.port")).isNull();
    }

    @Test
    void mBeansAreOfRoutesAndNotOfEachOfTheirParts() throws Exception {
        Set<String> types = BEANS.queryNames(new ObjectName("org.apache.camel:context=tracklog,*"), null).stream()
                .map(name -> name.getKeyProperty("type"))
                .collect(Collectors.toSet());
        assertThat(types)
                .contains("context", "routes", "health")
                .doesNotContain("processors", "endpoints", "producers", "consumers");
    }

    @Test
    void theSearchFindsASecret() {
        assertThat(List.of(CLIENT_SECRET, REFRESH_TOKEN, ROTATED_TOKEN, ACCESS_TOKEN, DATABASE_PASSWORD, TOKEN_KEY))
                .allSatisfy(secret -> org.assertj.core.api.Assertions.assertThatThrownBy(
                                () -> holdsNoSecret("a text", "x" + secret + "y"))
                        .isInstanceOf(AssertionError.class));
        assertThat(LOG).anyMatch(line -> line.contains("broken.json"));
    }

    private static void holdsNoSecret(String where, String text) {
        List<String> secrets = new ArrayList<>(
                List.of(CLIENT_SECRET, REFRESH_TOKEN, ROTATED_TOKEN, ACCESS_TOKEN, DATABASE_PASSWORD, TOKEN_KEY));
        secrets.add(readerPassword());
        for (String secret : secrets) {
            if (text.contains(secret)) {
                throw new AssertionError(where + " shows the secret " + secret + ": "
                        + text.replaceAll("(?s).*?(.{0,200}" + Pattern.quote(secret) + ".{0,50}).*", "$1"));
            }
        }
    }

    private static String readerPassword() {
        try {
            return Files.readString(program.dataDir().resolve("reader.password"))
                    .strip();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Operations that only tell something: dumps of any kind, with every parameter true. */
    private static boolean tells(ObjectName name, MBeanOperationInfo operation) {
        return Set.of("org.apache.camel", "com.zaxxer.hikari").contains(name.getDomain())
                && operation
                        .getName()
                        .matches("(?i)dump.*|browse.*|list.*|explain.*|.*as(xml|yaml|json)|doCall|getProperty.*")
                && Arrays.stream(operation.getSignature())
                        .allMatch(parameter -> parameter.getType().equals("boolean"));
    }

    private static String dump(ObjectName name, MBeanOperationInfo operation) throws JMException {
        String[] types = Arrays.stream(operation.getSignature())
                .map(parameter -> parameter.getType())
                .toArray(String[]::new);
        Object[] parameters = new Object[types.length];
        Arrays.fill(parameters, true);
        try {
            return String.valueOf(BEANS.invoke(name, operation.getName(), parameters, types));
        } catch (JMException | RuntimeException e) {
            return String.valueOf(e);
        }
    }

    private static String attribute(ObjectName name, MBeanAttributeInfo attribute) throws JMException {
        try {
            Object value = BEANS.getAttribute(name, attribute.getName());
            return value instanceof Object[] values ? Arrays.deepToString(values) : String.valueOf(value);
        } catch (JMException | RuntimeException e) {
            return String.valueOf(e.getCause());
        }
    }
}
