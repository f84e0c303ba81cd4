package tracklog.demo;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import tracklog.store.TextResource;

/**
 * Generates what a listener plays. The number of an hour is the seed of its plays, so an hour is the same at each call.
 */
final class MadeUpListening {

    record Song(String uri, String name, String artist, String album, int durationMs) {

        boolean isEpisode() {
            return uri.startsWith("spotify:episode:");
        }
    }

    record Play(Instant endedAt, Song song, int msPlayed, boolean shuffle) {

        boolean isWhole() {
            return msPlayed == song.durationMs;
        }
    }

    private static final List<String> ARTISTS =
            TextResource.read("demo/artists.txt").lines().toList();
    private static final List<String> FIRST =
            TextResource.read("demo/first-words.txt").lines().toList();
    private static final List<String> SECOND =
            TextResource.read("demo/second-words.txt").lines().toList();
    private static final int SONGS_OF_ARTIST = 24;
    private static final int SONGS_OF_ALBUM = 8;
    private static final Duration DISCOVERED = Duration.ofDays(150);
    private static final String LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private final ZoneId zone;
    private final Instant nonstopFrom;
    private final List<Song> songs = IntStream.range(0, ARTISTS.size() * SONGS_OF_ARTIST)
            .mapToObj(MadeUpListening::song)
            .toList();

    /** @param nonstopFrom the hour from which the listener plays without a pause and skips a lot */
    MadeUpListening(ZoneId zone, Instant nonstopFrom) {
        this.zone = zone;
        this.nonstopFrom = nonstopFrom.truncatedTo(ChronoUnit.HOURS);
    }

    /** Returns the plays that ended in that span, in order of time. */
    List<Play> between(Instant from, Instant to) {
        return Stream.iterate(
                        from.truncatedTo(ChronoUnit.HOURS),
                        hour -> hour.isBefore(to),
                        hour -> hour.plus(1, ChronoUnit.HOURS))
                .flatMap(hour -> startedIn(hour).stream())
                .filter(play -> !play.endedAt.isBefore(from) && play.endedAt.isBefore(to))
                .toList();
    }

    private List<Play> startedIn(Instant hour) {
        boolean nonstop = !hour.isBefore(nonstopFrom);
        SplittableRandom random = new SplittableRandom(hour.getEpochSecond());
        List<Play> plays = new ArrayList<>();
        if (!nonstop && random.nextDouble() > eagerness(hour.atZone(zone))) {
            return plays;
        }
        Instant end = hour.plus(1, ChronoUnit.HOURS);
        Instant now = hour.plusMillis(nonstop ? 0 : random.nextInt(1_200_000));
        boolean shuffle = random.nextBoolean();
        if (!nonstop && random.nextInt(20) == 0) {
            Song episode = episode(random);
            plays.add(new Play(now.plusMillis(episode.durationMs), episode, episode.durationMs, false));
            return plays;
        }
        while (now.isBefore(end)) {
            Song song = choose(hour, random);
            int heard = song.durationMs;
            int mood = random.nextInt(100);
            if (nonstop && mood < 70) {
                heard = random.nextInt(32_000, 95_000);
            } else if (mood < 85 && mood > 70) {
                heard = random.nextInt(900, 30_000);
            }
            heard = (int) Math.min(heard, Duration.between(now, end).toMillis());
            now = now.plusMillis(heard);
            plays.add(new Play(now, song, heard, shuffle));
        }
        return plays;
    }

    /** Returns the probability of listening in that hour: commutes, evenings, and more at weekends. */
    private static double eagerness(ZonedDateTime hour) {
        boolean weekend = hour.getDayOfWeek() == DayOfWeek.SATURDAY || hour.getDayOfWeek() == DayOfWeek.SUNDAY;
        double season = 0.6 + 0.3 * Math.sin(hour.getDayOfYear() / 58.0 + hour.getYear());
        return season
                * switch (hour.getHour()) {
                    case 7, 8 -> weekend ? 0.01 : 0.13;
                    case 10, 11, 13, 14, 15 -> weekend ? 0.10 : 0.02;
                    case 17, 18 -> 0.12;
                    case 20, 21, 22 -> 0.09;
                    case 0, 1, 2, 3, 4, 5, 6 -> 0.002;
                    default -> 0.03;
                };
    }

    /** Chooses a favourite, a favourite of the month, or the last artist, who is the discovery of the year. */
    private Song choose(Instant hour, SplittableRandom random) {
        int known = ARTISTS.size() - 1;
        int month = (int) (hour.getEpochSecond() / 2_600_000);
        int liked = (int) (known * Math.pow(random.nextDouble(), 2.5));
        boolean discovered = hour.isAfter(nonstopFrom.minus(DISCOVERED)) && random.nextInt(12) == 0;
        int artist = discovered ? known : random.nextBoolean() ? liked : (liked + 7 * month) % known;
        return songs.get(artist * SONGS_OF_ARTIST + (int) (SONGS_OF_ARTIST * Math.pow(random.nextDouble(), 1.7)));
    }

    private static Song song(int number) {
        SplittableRandom random = new SplittableRandom(number);
        int album = number / SONGS_OF_ALBUM;
        return new Song(
                "spotify:track:" + id(random),
                title(number * 37 + album),
                ARTISTS.get(number / SONGS_OF_ARTIST),
                title(album * 11 + 5) + (album % 3 == 2 ? " (Live)" : ""),
                random.nextInt(118_000, 322_000));
    }

    private static Song episode(SplittableRandom random) {
        int number = random.nextInt(1, 80);
        SplittableRandom own = new SplittableRandom(-number);
        return new Song(
                "spotify:episode:" + id(own),
                "Ep. " + number + ": " + title(number * 29),
                number % 3 == 0 ? "Slow Signals" : "Coastlines",
                "",
                own.nextInt(1_200_000, 2_300_000));
    }

    private static String title(int number) {
        int words = Math.floorMod(number, FIRST.size() * SECOND.size());
        return FIRST.get(words % FIRST.size()) + " " + SECOND.get(words / FIRST.size());
    }

    static String id(SplittableRandom random) {
        return random.ints(22, 0, LETTERS.length())
                .mapToObj(letter -> LETTERS.substring(letter, letter + 1))
                .collect(Collectors.joining());
    }
}
