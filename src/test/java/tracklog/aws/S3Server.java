package tracklog.aws;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.WireMock;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;
import tracklog.TestProgram;

/** A real S3 server on loopback, which checks signatures, and a proxy before it that can answer in its place. */
public final class S3Server implements AutoCloseable {

    static final String BUCKET = "history-of-anna";

    private static final String ACCESS_KEY = "the-access-key";
    private static final String SECRET_KEY = "the-secret-access-key";

    private final Process server;
    private final WireMockServer proxy;
    private final String url;
    private final S3Client client;
    private final Set<String> asked = ConcurrentHashMap.newKeySet();

    public S3Server() throws IOException {
        Path parent = Files.createDirectories(Path.of("target/it").toAbsolutePath());
        Path folder = Files.createTempDirectory(parent, "s3-");
        url = "http://127.0.0.1:" + TestProgram.freePort();
        Path properties = folder.resolve("s3proxy.conf");
        Files.writeString(
                properties,
                String.join(
                        "\n",
                        "s3proxy.endpoint=" + url,
                        "s3proxy.authorization=aws-v2-or-v4",
                        "s3proxy.identity=" + ACCESS_KEY,
                        "s3proxy.credential=" + SECRET_KEY,
                        "jclouds.provider=filesystem-nio2",
                        "jclouds.filesystem.basedir=" + Files.createDirectory(folder.resolve("store"))),
                UTF_8);
        server = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-Xmx128m",
                        "-jar",
                        "target/s3proxy/s3proxy.jar",
                        "--properties",
                        properties.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        proxy = new WireMockServer(WireMockConfiguration.options()
                .bindAddress("127.0.0.1")
                .dynamicPort()
                .preserveHostHeader(true));
        proxy.addMockServiceRequestListener((request, response) ->
                asked.add(request.getMethod() + request.getUrl().replaceFirst("/" + BUCKET + "/?([^/?]*).*", " $1")));
        proxy.start();
        client = S3Client.builder()
                .endpointOverride(URI.create(url))
                .forcePathStyle(true)
                .region(Region.US_EAST_1)
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create(ACCESS_KEY, SECRET_KEY)))
                .build();
        await().atMost(Duration.ofMinutes(1)).ignoreExceptions().until(() -> {
            client.createBucket(create -> create.bucket(BUCKET));
            return true;
        });
        allIsWell();
    }

    /** What a program needs to know, here and in a process of its own. */
    public Map<String, String> settings(Map<String, String> more) {
        System.setProperty("aws.accessKeyId", ACCESS_KEY);
        System.setProperty("aws.secretAccessKey", SECRET_KEY);
        Map<String, String> settings = new HashMap<>(Map.of(
                "S3_BUCKET", BUCKET,
                "S3_ENDPOINT", proxy.baseUrl(),
                "S3_DELAY", "300",
                "AWS_ACCESS_KEY_ID", ACCESS_KEY,
                "AWS_SECRET_ACCESS_KEY", SECRET_KEY));
        settings.putAll(more);
        return settings;
    }

    /** Past the proxy, which holds what it passes on in memory. */
    String url() {
        return url;
    }

    WireMockServer proxy() {
        return proxy;
    }

    /** Returns the requests of the program: the methods, each with the first folder of the key, if there is a key. */
    Set<String> asked() {
        return asked;
    }

    void allIsWell() {
        proxy.resetAll();
        proxy.stubFor(any(anyUrl()).atPriority(10).willReturn(aResponse().proxiedFrom(url)));
    }

    /** S3's answer to requests of a method whose URL matches, before any other. */
    void answers(String method, String urlPattern, int status, String code) {
        proxy.stubFor(WireMock.request(method, WireMock.urlMatching(urlPattern))
                .atPriority(1)
                .willReturn(aResponse()
                        .withStatus(status)
                        .withHeader("Content-Type", "application/xml")
                        .withBody("<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>" + code
                                + "</Code><Message>said by the test</Message></Error>")));
    }

    public void put(String key, byte[] bytes) {
        client.putObject(put -> put.bucket(BUCKET).key(key), RequestBody.fromBytes(bytes));
    }

    void put(String key, Path file) {
        client.putObject(put -> put.bucket(BUCKET).key(key), file);
    }

    String text(String key) {
        return client.getObjectAsBytes(get -> get.bucket(BUCKET).key(key)).asUtf8String();
    }

    byte[] bytes(String key) {
        return client.getObjectAsBytes(get -> get.bucket(BUCKET).key(key)).asByteArray();
    }

    public List<String> keys(String prefix) {
        return client.listObjectsV2Paginator(list -> list.bucket(BUCKET).prefix(prefix)).contents().stream()
                .map(S3Object::key)
                .sorted()
                .toList();
    }

    void clear() {
        for (String key : keys("")) {
            client.deleteObject(delete -> delete.bucket(BUCKET).key(key));
        }
    }

    static byte[] format(String name) throws IOException {
        return Files.readAllBytes(Path.of("src/test/resources/formats", name));
    }

    /** Of what was put there, without the time that it was put before its name. */
    static Stream<String> names(List<String> keys) {
        return keys.stream()
                .map(key -> Arrays.stream(key.split("/"))
                        .map(step -> step.replaceFirst("^\\d{8}T\\d{9}Z-", "TIME-"))
                        .reduce((a, b) -> a + "/" + b)
                        .orElseThrow());
    }

    @Override
    public void close() {
        client.close();
        proxy.stop();
        server.destroy();
    }
}
