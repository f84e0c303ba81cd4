package tracklog.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenCipherTest {

    private static final String KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    private static final String TOKEN = "AQ-some-refresh-tökën";

    private final TokenCipher cipher = new TokenCipher(KEY);

    @Test
    void aTokenIsItsListenersAlone() throws GeneralSecurityException {
        byte[] encrypted = cipher.encrypt(7, TOKEN);
        assertThat(cipher.decrypt(7, encrypted)).isEqualTo(TOKEN);
        refuses(cipher, 8, encrypted);
        refuses(new TokenCipher("AQECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="), 7, encrypted);
    }

    @Test
    void theSameTokenIsNeverEncryptedTheSame() throws GeneralSecurityException {
        assertThat(Arrays.copyOf(cipher.encrypt(7, TOKEN), 12))
                .isNotEqualTo(Arrays.copyOf(cipher.encrypt(7, TOKEN), 12));
    }

    @Test
    void whatWasChangedIsRefused() throws GeneralSecurityException {
        byte[] encrypted = cipher.encrypt(7, TOKEN);
        for (int i = 0; i < encrypted.length; i++) {
            byte[] changed = encrypted.clone();
            changed[i] ^= 1;
            refuses(cipher, 7, changed);
            refuses(cipher, 7, Arrays.copyOf(encrypted, i));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "AAECAwQFBgcICQoLDA0ODw==", "no Base64!", KEY + "AA=="})
    void aKeyOfAnotherLengthIsRefused(String key) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TokenCipher(key))
                .withMessageContaining("openssl rand -base64 32");
    }

    private static void refuses(TokenCipher cipher, int listenerId, byte[] encrypted) {
        assertThatThrownBy(() -> cipher.decrypt(listenerId, encrypted)).isInstanceOf(GeneralSecurityException.class);
    }
}
