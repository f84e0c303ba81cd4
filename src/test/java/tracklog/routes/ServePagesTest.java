package tracklog.routes;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ServePagesTest extends RouteTest {

    ServePagesTest() {
        super("serve-pages", "page-failures");
    }

    @Test
    void servesAFile() {
        send("serve-pages");
        assertThat(calls()).containsExactly("bean:pages.serve");
    }

    @Test
    void refusesAPathWithoutFile() {
        answer("bean:pages.serve", PageFailuresTest::refuse);
        send("serve-pages");
        assertThat(calls()).containsExactly("bean:pages.serve", "bean:problems.refuse");
    }
}
