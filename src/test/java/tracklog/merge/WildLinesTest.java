package tracklog.merge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.nio.CharBuffer;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.StringJoiner;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tracklog.document.DocumentReader;
import tracklog.document.Format;
import tracklog.document.WildLines;

/** Reads 100,000 mutated lines with good ones between them: whatever a line contains, at worst it is rejected. */
class WildLinesTest {

    private static final int DOCUMENTS = 50;
    private static final int WILD = 500;
    private static final List<String> MOMENTS = List.of("played_at", "started_at", "reported_at");
    private static final Set<String> KINDS = Set.of("track", "episode", "chapter", "local");
    private static final long SEED = Long.getLong("seed", new Random().nextLong());

    private final CopyLine copyLine = new CopyLine(7, 1, new Dictionary());
    private final Set<String> good = new HashSet<>();
    private int rejected;
    private int accepted;

    @ParameterizedTest
    @EnumSource
    void aWildLineIsRejectedAtWorst(Format format) throws Exception {
        WildLines wild = new WildLines(SEED);
        for (int document = 0; document < DOCUMENTS; document++) {
            good.clear();
            StringJoiner lines = new StringJoiner(",\n", "[", "]");
            // The first line tells the format.
            for (int i = 0; i < WILD; i++) {
                lines.add(WildLines.good(format, i));
                lines.add(wild.next(format, i));
            }
            StringBuilder copy = new StringBuilder();
            DocumentReader reader = new DocumentReader(true, columns -> {
                check(columns);
                copyLine.append(columns, copy);
            });
            String as = "seed " + SEED + ", " + format + ", document " + document;
            reader.read(new ByteArrayInputStream(lines.toString().getBytes(UTF_8)));
            assertThat(reader.lines()).as(as).isEqualTo(2 * WILD);
            assertThat(good).as(as).hasSize(WILD);
            // Each line has all columns, and nothing in it looks like the end of a line or of the data.
            assertThat(copy.toString().split("\n", -1)).as(as).hasSize(2 * WILD + 1);
            assertThat(copy.toString().split("\t", -1)).as(as).hasSize(2 * WILD * 34 + 1);
            assertThat(UTF_8.newEncoder().encode(CharBuffer.wrap(copy)).hasRemaining())
                    .isTrue();
        }
        assertThat(rejected).isGreaterThan(DOCUMENTS * WILD / 10);
        assertThat(accepted).isGreaterThan(DOCUMENTS * WILD);
    }

    private void check(ObjectNode columns) {
        if (columns.has("rejected_because")) {
            rejected++;
            assertThat(columns.get("line").textValue()).hasSizeLessThanOrEqualTo(1 << 16);
            return;
        }
        accepted++;
        String name = columns.path("name").asText();
        if (name.startsWith("good") && columns.path("position").asInt() % 2 == 0) {
            good.add(columns.get("position").asText());
        }
        assertThat(columns.hasNonNull("uri") || columns.hasNonNull("name")).isTrue();
        assertThat(KINDS).contains(columns.get("kind").textValue());
        for (String moment : MOMENTS) {
            if (columns.hasNonNull(moment)) {
                assertThat(Instant.parse(columns.get(moment).textValue()))
                        .isBetween(Instant.parse("2006-01-01T00:00:00Z"), Instant.parse("2100-01-01T00:00:00Z"));
            }
        }
        assertThat(columns.path("ms_played").asLong()).isBetween(0L, (long) Integer.MAX_VALUE);
        assertThat(columns.path("duration_ms").asLong()).isBetween(0L, (long) Integer.MAX_VALUE);
        assertThat(columns.path("nth").asLong()).isBetween(0L, (long) Short.MAX_VALUE);
        assertThat(columns.path("popularity").asLong()).isBetween(0L, 100L);
    }
}
