package tracklog.store;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/** Random bits that nobody can guess: the one source of randomness in Tracklog. */
public final class RandomBits {

    private static final SecureRandom RANDOM = new SecureRandom();

    private RandomBits() {}

    public static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        RANDOM.nextBytes(bytes);
        return bytes;
    }

    /** Returns 256 bits in base64url without padding: 43 letters, digits, {@code -} and {@code _}. */
    public static String token() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(32));
    }

    /** Returns that many bytes in hexadecimal digits. */
    public static String hex(int count) {
        return HexFormat.of().formatHex(bytes(count));
    }
}
