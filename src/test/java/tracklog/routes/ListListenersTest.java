package tracklog.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.Map;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.dao.DuplicateKeyException;

class ListListenersTest extends RouteTest {

    ListListenersTest() {
        super("list-listeners", "page-failures");
    }

    private Exchange save(Map<String, Object> listener) {
        return send("save-listener", exchange -> exchange.getMessage().setBody(listener));
    }

    @Test
    void listsTheListeners() {
        answer("sql:list-listeners", "listeners");
        send("list-listeners");
        assertThat(calls()).containsExactly("sql:list-listeners", "bean:listeners.respond");
        assertThat(at("bean:listeners.respond").getMessage().getBody()).isEqualTo("listeners");
    }

    @Test
    void answersThatTheListFailed() {
        fail("sql:list-listeners", new SQLException("no connection"));
        send("list-listeners");
        assertThat(calls()).doesNotContain("bean:listeners.respond").endsWith("bean:problems.fail");
    }

    @ParameterizedTest
    @ValueSource(strings = {"add-listener", "change-listener"})
    void savesWhatItAccepts(String route) {
        answer("bean:listeners.accept", "listener");
        send(route);
        assertThat(calls()).containsExactly("bean:listeners.accept", "direct:save-listener");
        assertThat(at("direct:save-listener").getMessage().getBody()).isEqualTo("listener");
    }

    @ParameterizedTest
    @ValueSource(strings = {"add-listener", "change-listener"})
    void savesNothingThatItDoesNotAccept(String route) {
        answer("bean:listeners.accept", PageFailuresTest::refuse);
        send(route);
        assertThat(calls()).containsExactly("bean:listeners.accept", "bean:problems.refuse");
    }

    @ParameterizedTest
    @ValueSource(strings = {"add-listener", "change-listener"})
    void answersThatANameIsTaken(String route) {
        fail("direct:save-listener", new DuplicateKeyException("anna"));
        send(route);
        assertThat(calls()).endsWith("direct:save-listener", "bean:problems.taken");
    }

    @Test
    void addsAListenerWithoutId() {
        answer("sql:add-listener", "added");
        save(Map.of("name", "anna"));
        assertThat(calls()).containsExactly("sql:add-listener", "sql:list-listeners", "bean:listeners.respondOne");
        assertThat(at("bean:listeners.respondOne").getVariable("changed")).isEqualTo("added");
    }

    @Test
    void changesAListenerWithId() {
        answer("sql:change-listener", "changed");
        save(Map.of("name", "anna", "listener_id", 2));
        assertThat(calls())
                .containsExactly(
                        "sql:change-listener",
                        "direct:sum-stale-days",
                        "sql:list-listeners",
                        "bean:listeners.respondOne");
        assertThat(at("bean:listeners.respondOne").getVariable("changed")).isEqualTo("changed");
    }

    @Test
    void answersThatASumFailed() {
        fail("direct:sum-stale-days", new SQLException("no connection"));
        assertThat(save(Map.of("name", "anna", "listener_id", 2)).getException())
                .hasMessageContaining("no connection");
        assertThat(calls()).containsExactly("sql:change-listener", "direct:sum-stale-days");
    }

    @Test
    void handsAFailureToTheCaller() {
        fail("sql:add-listener", new DuplicateKeyException("anna"));
        assertThat(save(Map.of("name", "anna")).getException()).isInstanceOf(DuplicateKeyException.class);
        assertThat(calls()).containsExactly("sql:add-listener");
    }
}
