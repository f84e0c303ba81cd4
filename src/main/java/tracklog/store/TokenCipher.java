package tracklog.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.crypto.tink.subtle.AesGcmJce;
import java.security.GeneralSecurityException;
import java.util.Base64;

/** Encrypts refresh tokens with AES-256-GCM, each bound to its listener. */
public final class TokenCipher {

    private final AesGcmJce cipher;

    /** @throws IllegalArgumentException if the key is not 32 bytes in Base64 */
    TokenCipher(String key) {
        try {
            byte[] bits = Base64.getDecoder().decode(key);
            if (bits.length != 32) {
                throw new GeneralSecurityException("it has " + bits.length + " bytes");
            }
            cipher = new AesGcmJce(bits);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "TOKEN_KEY must be 32 bytes in Base64. Make one with: openssl rand -base64 32", e);
        }
    }

    public byte[] encrypt(int listenerId, String token) throws GeneralSecurityException {
        return cipher.encrypt(token.getBytes(UTF_8), boundTo(listenerId));
    }

    /** @throws GeneralSecurityException if the token was encrypted with another key or for another listener */
    public String decrypt(int listenerId, byte[] encrypted) throws GeneralSecurityException {
        return new String(cipher.decrypt(encrypted, boundTo(listenerId)), UTF_8);
    }

    private static byte[] boundTo(int listenerId) {
        return ("listener " + listenerId).getBytes(UTF_8);
    }
}
