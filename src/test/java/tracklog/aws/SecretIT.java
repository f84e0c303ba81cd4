package tracklog.aws;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.matchingJsonPath;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tracklog.Settings;

/** Secrets from AWS Secrets Manager, by the SDK's own client against a stand-in of its endpoint. */
class SecretIT {

    private static final WireMockServer AWS = new WireMockServer(
            WireMockConfiguration.options().bindAddress("127.0.0.1").dynamicPort());

    @BeforeAll
    static void start() {
        AWS.start();
        System.setProperty("aws.endpointUrlSecretsManager", AWS.baseUrl());
        System.setProperty("aws.region", "eu-north-1");
        System.setProperty("aws.accessKeyId", "the-access-key");
        System.setProperty("aws.secretAccessKey", "the-secret-access-key");
    }

    @AfterAll
    static void stop() {
        System.clearProperty("aws.endpointUrlSecretsManager");
        System.clearProperty("aws.region");
        AWS.stop();
    }

    @Test
    void thePipelinesSecretIsUnderstoodAsItIs() throws Exception {
        holds(Map.of(
                "SPOTIFY_CLIENT_ID", "the-id",
                "SPOTIFY_CLIENT_SECRET", "5ec2e7",
                "SPOTIFY_REFRESH_TOKEN", "AQ-5ec2e7",
                "DB_NAME", "spotify",
                "DB_USER_NAME", "anna",
                "DB_USER_PASSWORD", "pa55",
                "HOST_IP", "10.0.0.7"));
        Settings settings = settings(Map.of());
        assertThat(settings.secret("SPOTIFY_CLIENT_ID")).contains("the-id");
        assertThat(settings.secret("SPOTIFY_REFRESH_TOKEN")).contains("AQ-5ec2e7");
        assertThat(settings.secret("DATABASE_PASSWORD")).contains("pa55");
        assertThat(settings.secret("TOKEN_KEY")).isEmpty();
        assertThat(settings.get("DATABASE_URL")).isEqualTo("jdbc:postgresql://10.0.0.7/spotify");
        assertThat(settings.get("DATABASE_USER")).isEqualTo("anna");
        assertThat(settings.values().values()).noneMatch(value -> value.matches(".*(5ec2e7|pa55).*"));
    }

    @Test
    void theEnvironmentGoesBeforeIt() throws Exception {
        holds(Map.of(
                "SPOTIFY_CLIENT_ID", "the-id",
                "DB_NAME", "spotify",
                "DB_USER_NAME", "anna",
                "DB_USER_PASSWORD", "pa55",
                "HOST_IP", "10.0.0.7"));
        Settings settings = settings(Map.of(
                "SPOTIFY_CLIENT_ID", "another",
                "DATABASE_URL", "jdbc:postgresql://127.0.0.1/mine",
                "DATABASE_USER", "berta",
                "DATABASE_PASSWORD", "own"));
        assertThat(settings.secret("SPOTIFY_CLIENT_ID")).contains("another");
        assertThat(settings.secret("DATABASE_PASSWORD")).contains("own");
        assertThat(settings.get("DATABASE_URL")).isEqualTo("jdbc:postgresql://127.0.0.1/mine");
        assertThat(settings.get("DATABASE_USER")).isEqualTo("berta");
    }

    @Test
    void withoutAHostTheDatabaseStaysTheEmbeddedOne() throws Exception {
        holds(Map.of("SPOTIFY_CLIENT_ID", "the-id", "DB_NAME", "spotify"));
        assertThat(settings(Map.of()).get("DATABASE_URL")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"5ec2e7", "{\"SPOTIFY_CLIENT_SECRET\": 5ec2e7}", "[\"5ec2e7\"]", "{}", ""})
    void whatHoldsNoKeysIsRefusedAndNotShown(String text) throws Exception {
        says(text);
        assertThatThrownBy(() -> settings(Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must be a JSON object")
                .hasMessageNotContaining("5ec2e7")
                .hasNoCause();
    }

    @Test
    void aRefusalSaysWhatToLookAt() {
        answers(aResponse()
                .withStatus(400)
                .withHeader("x-amzn-ErrorType", "AccessDeniedException")
                .withBody("{\"__type\": \"AccessDeniedException\", \"Message\": \"not authorized\"}"));
        assertThatThrownBy(() -> settings(Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("tracklog-secret (AWS_SECRET_NAME) cannot be read")
                .hasMessageContaining("not authorized")
                .hasMessageContaining("AWS_REGION");
    }

    private static Settings settings(Map<String, String> more) {
        Map<String, String> environment = new HashMap<>(more);
        environment.put("AWS_SECRET_NAME", "tracklog-secret");
        return new Settings(environment, Aws::secret);
    }

    private static void holds(Map<String, String> secret) throws Exception {
        says(new ObjectMapper().writeValueAsString(secret));
    }

    private static void says(String text) throws Exception {
        answers(okJson(new ObjectMapper()
                .writeValueAsString(Map.of(
                        "ARN", "arn:aws:secretsmanager:eu-north-1:123456789012:secret:tracklog-secret-AbCdEf",
                        "Name", "tracklog-secret",
                        "SecretString", text))));
    }

    private static void answers(ResponseDefinitionBuilder answer) {
        AWS.resetAll();
        AWS.stubFor(post("/")
                .withHeader("X-Amz-Target", equalTo("secretsmanager.GetSecretValue"))
                .withRequestBody(matchingJsonPath("$.SecretId", equalTo("tracklog-secret")))
                .willReturn(answer));
    }
}
