package tracklog.spotify;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;

/** Builds {@code application/x-www-form-urlencoded} text, field by field. */
final class Form {

    private final StringBuilder text = new StringBuilder();

    Form add(String name, String value) {
        text.append(text.isEmpty() ? "" : "&").append(name).append('=').append(URLEncoder.encode(value, UTF_8));
        return this;
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
