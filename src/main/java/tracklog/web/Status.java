package tracklog.web;

import java.nio.file.Path;
import java.text.ParseException;
import java.time.Instant;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TimeZone;
import org.apache.camel.Exchange;
import org.quartz.CronExpression;
import tracklog.Settings;

/** The status of the program: its version, its start and the next poll. */
public final class Status {

    private final Instant startedAt = Instant.now();
    private final Path inbox;
    private final CronExpression schedule;
    private final boolean appConfigured;

    /** @throws IllegalArgumentException if COLLECT_CRON is no Quartz schedule */
    public Status(Settings settings) {
        this.inbox = settings.path("HISTORY_INBOX");
        this.appConfigured = settings.secret("SPOTIFY_CLIENT_ID").isPresent()
                && settings.secret("SPOTIFY_CLIENT_SECRET").isPresent();
        try {
            this.schedule = new CronExpression(settings.get("COLLECT_CRON"));
            schedule.setTimeZone(TimeZone.getTimeZone("UTC"));
        } catch (ParseException e) {
            throw new IllegalArgumentException(
                    "COLLECT_CRON must be a Quartz schedule like \"0 0/15 * * * ?\": " + e.getMessage(), e);
        }
    }

    /** Adds what the program knows to what the database says. */
    @SuppressWarnings("JavaUtilDate") // Quartz has no other interface
    public void respond(Exchange exchange, Map<String, Object> database) {
        String version = Status.class.getPackage().getImplementationVersion();
        Date next = schedule.getNextValidTimeAfter(new Date());
        Map<String, Object> status = new LinkedHashMap<>();
        status.put("version", version == null ? "development" : version);
        status.put("java_version", Runtime.version().toString());
        status.put("started_at", startedAt.toString());
        status.putAll(database);
        boolean connected = Boolean.TRUE.equals(status.remove("connected"));
        status.put(
                "next_poll_at",
                appConfigured && connected && next != null ? next.toInstant().toString() : null);
        status.put("app_configured", appConfigured);
        status.put("inbox", inbox.toString());
        HttpResponses.respond(exchange, 200, "application/json", HttpResponses.of(status));
    }
}
