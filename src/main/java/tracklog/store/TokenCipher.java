package tracklog.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import tracklog.Settings;

/** Encrypts refresh tokens with AES-256-GCM, each bound to its listener. The result is nonce, ciphertext and tag. */
public final class TokenCipher {

    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private final SecretKeySpec key;

    /**
     * Takes the key from {@code TOKEN_KEY}, else from the file {@code token.key} of the data folder, which is generated
     * once where the database is embedded.
     *
     * @throws IllegalArgumentException if an external database is set and no {@code TOKEN_KEY}, or the key is not valid
     */
    static TokenCipher of(Settings settings, DataFolder folder) throws IOException {
        Path file = folder.resolve("token.key");
        Optional<String> given = settings.secret("TOKEN_KEY");
        if (given.isEmpty() && !settings.get("DATABASE_URL").isEmpty()) {
            throw new IllegalArgumentException(
                    "With DATABASE_URL, TOKEN_KEY is required: it encrypts the refresh tokens"
                            + " in the database. Make one with: openssl rand -base64 32");
        }
        Optional<String> key = given.isPresent() ? given : Secrets.read(file);
        if (key.isEmpty()) {
            key = Optional.of(Base64.getEncoder().encodeToString(RandomBits.bytes(32)));
            Secrets.write(file, key.get());
        }
        return new TokenCipher(key.get());
    }

    /** @throws IllegalArgumentException if the key is not 32 bytes in Base64 */
    TokenCipher(String key) {
        try {
            byte[] bits = Base64.getDecoder().decode(key);
            if (bits.length != 32) {
                throw new IllegalArgumentException("it has " + bits.length + " bytes");
            }
            this.key = new SecretKeySpec(bits, "AES");
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "TOKEN_KEY must be 32 bytes in Base64. Make one with: openssl rand -base64 32", e);
        }
    }

    public byte[] encrypt(int listenerId, String token) throws GeneralSecurityException {
        // GCM requires a nonce that never repeats under one key. 96 random bits suffice for a few tokens a day.
        byte[] nonce = RandomBits.bytes(NONCE_BYTES);
        byte[] text = token.getBytes(UTF_8);
        Cipher cipher = cipher(Cipher.ENCRYPT_MODE, nonce, listenerId);
        ByteBuffer encrypted = ByteBuffer.allocate(NONCE_BYTES + cipher.getOutputSize(text.length));
        return encrypted.put(nonce).put(cipher.doFinal(text)).array();
    }

    /** @throws GeneralSecurityException if the token was encrypted with another key or for another listener */
    public String decrypt(int listenerId, byte[] encrypted) throws GeneralSecurityException {
        if (encrypted.length < NONCE_BYTES + TAG_BITS / Byte.SIZE) {
            throw new AEADBadTagException("It is too short to hold a token");
        }
        Cipher cipher = cipher(Cipher.DECRYPT_MODE, Arrays.copyOf(encrypted, NONCE_BYTES), listenerId);
        return new String(cipher.doFinal(encrypted, NONCE_BYTES, encrypted.length - NONCE_BYTES), UTF_8);
    }

    private Cipher cipher(int mode, byte[] nonce, int listenerId) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(("listener " + listenerId).getBytes(UTF_8));
        return cipher;
    }
}
