package tracklog.spotify;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;
import tracklog.document.DocumentReader;
import tracklog.document.Format;

/** Extracts what Tracklog needs from Spotify's responses, which the routes have unmarshalled. */
public final class SpotifyResponses {

    private static final int DEFAULT_LIFE = 3600;

    /** The mapper that the routes unmarshal with. Its error messages quote nothing: a response may hold a token. */
    static ObjectMapper mapper() {
        return DocumentReader.JSON.copy().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    }

    /**
     * The tokens in a response of the token endpoint.
     *
     * @throws MalformedResponseException if it holds no access token
     */
    public Tokens tokens(@Body JsonNode response) throws MalformedResponseException {
        String refreshToken = response.path("refresh_token").asText();
        return new Tokens(
                required(response, "access_token"),
                Instant.now().plusSeconds(response.path("expires_in").asInt(DEFAULT_LIFE)),
                refreshToken.isBlank() ? null : refreshToken);
    }

    /**
     * The account in a response of {@code /v1/me}.
     *
     * @throws MalformedResponseException if it holds no id
     */
    public Account account(@Body JsonNode response) throws MalformedResponseException {
        return Account.of(
                required(response, "id"), response.path("display_name").asText(null));
    }

    /** The columns of {@code staged_line} for an item of a page, as JSON. */
    public String columns(@Body JsonNode item, @ExchangeProperty("CamelSplitIndex") int position) {
        return DocumentReader.columns(Format.RECENTLY_PLAYED, item, position).toString();
    }

    private static String required(JsonNode response, String field) throws MalformedResponseException {
        JsonNode value = response.path(field);
        if (!value.isTextual() || value.textValue().isBlank()) {
            throw new MalformedResponseException("Spotify's response lacks " + field + ".");
        }
        return value.textValue();
    }
}
