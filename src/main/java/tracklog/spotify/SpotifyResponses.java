package tracklog.spotify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Instant;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;
import tracklog.document.DocumentReader;
import tracklog.document.Format;

/** Reads what Spotify answers. */
public final class SpotifyResponses {

    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private static final int DEFAULT_LIFE = 3600;

    /**
     * The answer to a token request.
     *
     * @throws MalformedResponseException if it holds no access token
     */
    public Tokens tokens(@Body byte[] answer) throws IOException {
        JsonNode tokens = parse(answer);
        int seconds = tokens.path("expires_in").asInt(DEFAULT_LIFE);
        return new Tokens(
                required(tokens, "access_token"),
                Instant.now().plusSeconds(seconds),
                tokens.path("refresh_token").asText().isBlank()
                        ? null
                        : tokens.path("refresh_token").asText());
    }

    /**
     * Whose tokens they are.
     *
     * @throws MalformedResponseException if it holds no id
     */
    public Account account(@Body byte[] answer) throws IOException {
        JsonNode account = parse(answer);
        return Account.of(required(account, "id"), account.path("display_name").asText(null));
    }

    /**
     * The items of a page of recently played tracks.
     *
     * @throws MalformedResponseException if there is no list of them
     */
    public JsonNode items(@Body byte[] answer) throws IOException {
        JsonNode items = parse(answer).path("items");
        if (!items.isArray()) {
            throw new MalformedResponseException("Spotify's answer holds no list of items.");
        }
        return items;
    }

    /** The columns of {@code staged_line} for an item, as JSON. */
    public String columns(@Body JsonNode item, @ExchangeProperty("CamelSplitIndex") int position) {
        return DocumentReader.columns(Format.RECENTLY_PLAYED, item, position).toString();
    }

    private static JsonNode parse(byte[] answer) throws IOException {
        try {
            return JSON.readTree(answer);
        } catch (JsonProcessingException e) {
            throw new MalformedResponseException(
                    "Spotify's answer is no valid JSON, or only a part of it (" + answer.length + " bytes).");
        }
    }

    private static String required(JsonNode answer, String field) throws MalformedResponseException {
        JsonNode value = answer.path(field);
        if (!value.isTextual() || value.textValue().isBlank()) {
            throw new MalformedResponseException("Spotify's answer lacks " + field + ".");
        }
        return value.textValue();
    }
}
