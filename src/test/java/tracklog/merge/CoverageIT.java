package tracklog.merge;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tracklog.TestProgram;

/** A full page after a pause leaves a gap, and an import closes it. The order of arrival does not matter. */
class CoverageIT {

    private static TestProgram program;
    private static Merge merge;

    @BeforeAll
    static void start() throws Exception {
        program = TestProgram.start(Map.of());
        merge = new Merge(program);
    }

    @AfterAll
    static void stop() {
        program.close();
    }

    @Test
    void aFullPageThatDoesNotReachBackLeavesAGap() throws Exception {
        int listener = merge.newListener();
        poll(listener, "06:00", 50, "00:00", "05:30");
        poll(listener, "18:00", 50, "12:00", "17:30");
        assertThat(coverage(listener)).isEqualTo("0.50 of the day, 1 open, complete until 05:30");
    }

    @Test
    void aPageThatIsNotFullOrReachesBackLeavesNone() throws Exception {
        int listener = merge.newListener();
        poll(listener, "06:00", 50, "00:00", "05:30");
        poll(listener, "12:00", 50, "05:30", "11:30");
        poll(listener, "18:00", 3, "17:00", "17:30");
        assertThat(coverage(listener)).isEqualTo("0.75 of the day, 0 open, complete until 18:00");
    }

    @Test
    void anImportThatCoversAGapClosesItWhicheverComesFirst() throws Exception {
        int after = merge.newListener();
        poll(after, "06:00", 50, "00:00", "05:30");
        poll(after, "18:00", 50, "12:00", "17:30");
        imported(after, "05:00", "12:30");

        int before = merge.newListener();
        imported(before, "05:00", "12:30");
        poll(before, "18:00", 50, "12:00", "17:30");
        poll(before, "06:00", 50, "00:00", "05:30");

        assertThat(coverage(after))
                .isEqualTo(coverage(before))
                .isEqualTo("0.75 of the day, 0 open, complete until 18:00");
    }

    @Test
    void anImportThatBeginsOrEndsWithinAGapClosesWhatItTells() throws Exception {
        int begins = merge.newListener();
        poll(begins, "06:00", 50, "00:00", "05:30");
        poll(begins, "18:00", 50, "12:00", "17:30");
        imported(begins, "08:00", "12:30");
        assertThat(gaps(begins)).containsExactly("05:30 to 08:00");

        int ends = merge.newListener();
        imported(ends, "05:00", "08:00");
        poll(ends, "18:00", 50, "12:00", "17:30");
        poll(ends, "06:00", 50, "00:00", "05:30");
        assertThat(gaps(ends)).containsExactly("08:00 to 12:00");

        int within = merge.newListener();
        poll(within, "18:00", 50, "12:00", "17:30");
        imported(within, "08:00", "09:00");
        poll(within, "06:00", 50, "00:00", "05:30");
        assertThat(gaps(within)).containsExactly("05:30 to 08:00", "09:00 to 12:00");
    }

    @Test
    void betweenTwoDocumentsThatWereBeforeTheFirstPollIsNone() throws Exception {
        int listener = merge.newListener();
        imported(listener, "01:00", "02:00");
        imported(listener, "04:00", "05:00");
        poll(listener, "18:00", 50, "12:00", "17:30");
        assertThat(gaps(listener)).containsExactly("05:00 to 12:00");
    }

    @Test
    void nothingIsKnownWhereNothingCame() throws Exception {
        assertThat(coverage(merge.newListener())).isEqualTo("0.00 of the day, 0 open, complete until null");
    }

    private static void poll(int listener, String at, int items, String oldest, String newest) throws SQLException {
        program.execute("""
                insert into poll
                       (listener_id, fire_time, started_at, outcome,
                        items, inserted, oldest_played_at, newest_played_at)
                values (%d, '2024-06-24 %s', '2024-06-24 %s', 'done',
                        %d, %d, '2024-06-24 %s', '2024-06-24 %s')
                """.formatted(listener, at, at, items, items, oldest, newest));
    }

    private static void imported(int listener, String first, String last) throws SQLException {
        program.execute("""
                insert into import (listener_id, document, state, first_played_at, last_played_at)
                values (%d, 'history.json', 'done', '2024-06-24 %s', '2024-06-24 %s')
                """.formatted(listener, first, last));
    }

    private static List<String> gaps(int listener) throws SQLException {
        return program.rows("""
                select to_char(since at time zone 'UTC', 'HH24:MI')
                       || ' to ' || to_char(until at time zone 'UTC', 'HH24:MI') as gap
                  from gap
                 where listener_id = ?
                 order by since""", listener).stream()
                .map(row -> (String) row.get("gap"))
                .toList();
    }

    private static String coverage(int listener) throws SQLException {
        List<Map<String, Object>> rows = program.rows("""
                select to_char(covered_share, 'FM0.00') || ' of the day, ' || open_gaps || ' open, complete until '
                       || coalesce(to_char(complete_until at time zone 'UTC', 'HH24:MI'), 'null') as coverage
                  from coverage(?, '2024-06-24 00:00+00', '2024-06-25 00:00+00')""", listener);
        return (String) rows.get(0).get("coverage");
    }
}
