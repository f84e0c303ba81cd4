package tracklog.spotify;

import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import tracklog.ChildProgram;

/** {@code kill -9} at seeded random moments while a poll is under way nearly all the time. */
class KilledPollIT {

    private static final int KILLS = Math.max(2, Integer.getInteger("campaign", 10) / 5);
    private static final long SEED = Long.getLong("seed", 20261122);
    private static final int ITEMS = 30;

    @Test
    void everyPlayIsThereOnceAndTheLedgerAddsUp() throws Exception {
        SplittableRandom random = new SplittableRandom(SEED);
        Path dataDir = ChildProgram.newDataDir();
        try (Spotify spotify = new Spotify()) {
            spotify.reset();
            spotify.answers(
                    Spotify.PLAYED,
                    okJson(Spotify.page(Spotify.items(ITEMS, "2026-11-22T10:00:00Z")))
                            .withFixedDelay(300));
            Map<String, String> settings = Collector.settings(
                    spotify,
                    Map.of(
                            "SPOTIFY_REFRESH_TOKEN", "refresh-1",
                            "SPOTIFY_DAILY_CALLS", "1000000",
                            "COLLECT_CRON", "* * * * * ?",
                            "COLLECT_AT_START", "0"));
            for (int kill = 0; kill < KILLS; kill++) {
                int asked = spotify.calls(Spotify.PLAYED);
                ChildProgram program = ChildProgram.start(dataDir, settings);
                await().atMost(Duration.ofMinutes(1)).until(() -> spotify.calls(Spotify.PLAYED) > asked);
                Thread.sleep(random.nextLong(700));
                if (random.nextBoolean()) {
                    program.killJvm();
                } else {
                    program.killAll();
                }
            }
            try (ChildProgram program = ChildProgram.start(dataDir, settings)) {
                String mine = "select count(*) from poll where outcome = 'done' and duplicates = " + ITEMS;
                long before = program.number(mine);
                await().atMost(Duration.ofMinutes(1)).until(() -> program.number(mine) > before);
                assertThat(program.number("select count(*) from play")).isEqualTo(ITEMS);
                assertThat(program.number("select sum(inserted) from poll")).isEqualTo(ITEMS);
                assertThat(program.number("select count(*) from poll where outcome = 'running'"))
                        .as("only one that is under way now")
                        .isLessThanOrEqualTo(1);
                program.stop();
            }
        }
        System.out.printf("%d kills around polls; seed %d%n", KILLS, SEED);
    }
}
