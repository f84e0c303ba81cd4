package tracklog.web;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.AsyncFile;
import io.vertx.core.file.OpenOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import tracklog.store.FileTime;
import tracklog.store.ListenerName;
import tracklog.store.RandomBits;
import tracklog.store.SqlFiles;

/**
 * Streams a file from the page into the inbox, in constant memory, whatever its size.
 *
 * <p>It grows under a hidden name, which the inbox leaves alone, and appears when it is complete. Of the name that the
 * browser gives, only letters and digits are taken, for the person who reads the log; no path comes from outside.
 */
final class Uploads implements Handler<RoutingContext> {

    private static final Logger LOG = LoggerFactory.getLogger(Uploads.class);
    /** The database must go on writing while the disk fills. */
    private static final long RESERVE = 512L << 20;

    private static final long LOOK_EVERY_MS = 500;

    private final Path inbox;
    private final JdbcTemplate database;

    Uploads(Path inbox, DataSource dataSource) {
        this.inbox = inbox;
        this.database = new JdbcTemplate(dataSource);
    }

    private record Upload(String document, String name, long bytes) {}

    /** Where an upload goes. */
    private record Target(Path growing, Path complete) {}

    @Override
    public void handle(RoutingContext context) {
        HttpServerRequest request = context.request().pause();
        String name = request.getParam("name");
        String listener = request.getParam("listener");
        String length = request.getHeader("Content-Length");
        if (name == null || name.isBlank() || name.length() > 500) {
            Guard.refuse(context, 400, "name must say what the file is called, in at most 500 characters.");
            return;
        }
        context.vertx()
                .executeBlocking(() -> target(name, listener, length == null ? 0 : Long.parseLong(length)), false)
                .onFailure(reason -> fail(context, reason))
                .onSuccess(target -> context.vertx()
                        .fileSystem()
                        .open(target.growing.toString(), new OpenOptions().setCreateNew(true))
                        .onFailure(reason -> fail(context, reason))
                        .onSuccess(file -> receive(context, file, target, name)));
    }

    private void receive(RoutingContext context, AsyncFile file, Target target, String name) {
        HttpServerRequest request = context.request();
        long watch = context.vertx().setPeriodic(LOOK_EVERY_MS, timer -> {
            if (target.growing.toFile().getUsableSpace() < RESERVE / 2) {
                Guard.refuse(context, 413, "The disk of the inbox is full. Make room and upload the file again.");
                Guard.hangUp(context);
            }
        });
        request.pipe()
                .endOnFailure(true)
                .to(file)
                .onComplete(piped -> context.vertx().cancelTimer(watch))
                .compose(received -> context.vertx().executeBlocking(() -> complete(target), false))
                .onSuccess(bytes -> {
                    String document = inbox.relativize(target.complete).toString();
                    LOG.info("{} was uploaded by the page: {} bytes", document, bytes);
                    context.response()
                            .setStatusCode(201)
                            .putHeader("Content-Type", "application/json")
                            .end(Buffer.buffer(HttpResponses.of(new Upload(document, name, bytes))));
                })
                .onFailure(reason -> {
                    context.vertx().fileSystem().delete(target.growing.toString());
                    fail(context, reason);
                });
    }

    private Target target(String name, String listener, long length) throws IOException, ProblemException {
        Path folder = inbox;
        if (listener != null && !listener.isEmpty() && !listener.equals("all")) {
            folder = inbox.resolve("listeners").resolve(folder(listener));
        }
        Files.createDirectories(folder);
        requireSpace(folder, length);
        String shown = name.replaceAll("[^A-Za-z0-9._-]+", "_");
        String own = FileTime.now() + "-" + RandomBits.hex(6) + "-" + shown.substring(Math.max(0, shown.length() - 60));
        return new Target(folder.resolve("." + own + ".part"), folder.resolve(own));
    }

    private static void requireSpace(Path folder, long bytes) throws IOException, ProblemException {
        long free = Files.getFileStore(folder).getUsableSpace() - RESERVE;
        if (bytes > free) {
            throw new ProblemException(
                    413,
                    "The disk of the inbox has room for " + Math.max(0, free >> 20)
                            + " MB more. Make room, or unpack the file and upload parts of it.");
        }
    }

    /** The folder of a listener is named after them. */
    private String folder(String listener) throws ProblemException {
        List<String> names = listener.matches("[1-9][0-9]{0,8}")
                ? database.queryForList(SqlFiles.read("name-listener"), String.class, Integer.valueOf(listener))
                : List.of();
        if (names.isEmpty()) {
            throw new ProblemException(400, "There is no such listener.");
        }
        return ListenerName.folder(names.get(0));
    }

    private static long complete(Target target) throws IOException {
        Files.move(target.growing, target.complete, StandardCopyOption.ATOMIC_MOVE);
        return Files.size(target.complete);
    }

    private static void fail(RoutingContext context, Throwable reason) {
        if (context.response().ended() || context.response().closed()) {
            LOG.info("An upload was broken off: {}", reason.getMessage());
        } else if (reason instanceof ProblemException problem) {
            Guard.refuse(context, problem.status(), problem.getMessage());
        } else {
            LOG.error("An upload failed", reason);
            Guard.refuse(context, 500, "The file could not be stored; the log says why.");
        }
    }
}
