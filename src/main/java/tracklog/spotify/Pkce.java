package tracklog.spotify;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.MessageDigest;
import java.util.Base64;
import tracklog.store.RandomBits;
import tracklog.store.Sha256;

/** The code verifier of one authorization request (RFC 7636), and the values derived from it. */
record Pkce(String verifier) {

    static Pkce generate() {
        return new Pkce(RandomBits.token());
    }

    String challenge() {
        return base64(Sha256.of(verifier));
    }

    String state() {
        return base64(Sha256.of("state of " + verifier));
    }

    /** Whether a redirect with this state responds to this request. */
    boolean isAnsweredBy(String state) {
        return state != null && MessageDigest.isEqual(state.getBytes(US_ASCII), state().getBytes(US_ASCII));
    }

    private static String base64(byte[] bits) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bits);
    }
}
