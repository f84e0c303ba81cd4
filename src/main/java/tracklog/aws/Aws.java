package tracklog.aws;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import tracklog.Settings;

/** Clients of AWS. Their credentials come from the SDK's default chain: environment, profile, or the machine's role. */
public final class Aws {

    /** Bounds a call with all its attempts. A large object on a slow line takes long. */
    private static final Duration CALL = Duration.ofHours(1);

    private Aws() {}

    /** @throws IllegalArgumentException if no region is known */
    public static S3Client s3(Settings settings) {
        S3ClientBuilder s3 =
                S3Client.builder().httpClient(http()).overrideConfiguration(override -> override.apiCallTimeout(CALL));
        String endpoint = settings.get("S3_ENDPOINT");
        String region = settings.get("S3_REGION");
        if (!endpoint.isEmpty()) {
            // Few other stores support buckets as host names, or the checksums that AWS adds.
            s3.endpointOverride(URI.create(endpoint))
                    .forcePathStyle(true)
                    .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                    .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED);
        }
        if (!region.isEmpty() || !endpoint.isEmpty()) {
            s3.region(Region.of(region.isEmpty() ? "us-east-1" : region));
        }
        try {
            return s3.build();
        } catch (SdkClientException e) {
            throw new IllegalArgumentException(
                    "S3_BUCKET is set and its region is not known: set S3_REGION (" + e.getMessage() + ").", e);
        }
    }

    /**
     * The texts that a secret of AWS Secrets Manager holds, by key.
     *
     * @throws IllegalArgumentException if it cannot be read; the message shows nothing of it
     */
    public static Map<String, String> secret(String name) {
        try (SecretsManagerClient client =
                SecretsManagerClient.builder().httpClient(http()).build()) {
            String text = client.getSecretValue(get -> get.secretId(name)).secretString();
            Map<String, String> secret = new HashMap<>();
            new ObjectMapper()
                    .readTree(text == null ? "" : text)
                    .properties()
                    .forEach(field ->
                            secret.put(field.getKey(), field.getValue().asText().strip()));
            secret.values().removeIf(String::isEmpty);
            if (secret.isEmpty()) {
                throw new IllegalArgumentException(holdsNoKeys(name));
            }
            return secret;
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(holdsNoKeys(name));
        } catch (SdkException e) {
            throw new IllegalArgumentException(
                    "The secret " + name + " (AWS_SECRET_NAME) cannot be read from AWS Secrets Manager: "
                            + e.getMessage() + ". Is AWS_REGION right, and may the role or user read it?",
                    e);
        }
    }

    private static String holdsNoKeys(String name) {
        return "The secret " + name + " (AWS_SECRET_NAME) must be a JSON object, such as"
                + " {\"SPOTIFY_CLIENT_ID\": \"...\", \"SPOTIFY_CLIENT_SECRET\": \"...\"}.";
    }

    private static SdkHttpClient http() {
        return UrlConnectionHttpClient.builder()
                .connectionTimeout(Duration.ofSeconds(10))
                .socketTimeout(Duration.ofSeconds(30))
                .build();
    }
}
