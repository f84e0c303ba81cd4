package tracklog.web;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;
import tracklog.store.FileTime;
import tracklog.store.ListenerName;
import tracklog.store.RandomBits;

/**
 * Writes the body of a request to a file in the inbox, in constant memory.
 *
 * <p>The file grows under a hidden name, which the inbox ignores, and gets its own name when it is complete. That name
 * is made here: of the name that the browser gives only letters and digits are kept, so no path comes from outside.
 *
 * @param patience how long a sender may send nothing
 */
public record Uploads(Path inbox, Duration patience) {

    /** The space that is left to the database. */
    private static final long RESERVE = 512L << 20;

    /** The disk is checked again after this many bytes. */
    private static final long CHECK_EVERY = 16L << 20;

    /** Buffers of a few KB each that may wait to be written; the sender waits beyond that. */
    private static final int AHEAD = 32;

    private static final Buffer END = Buffer.buffer("end");
    private static final Buffer BROKEN = Buffer.buffer("broken");

    /** Writes below that folder. */
    public Uploads(String inbox) {
        this(Path.of(inbox).toAbsolutePath().normalize(), Duration.ofMinutes(2));
    }

    /** An upload that may begin; {@code listener} is null where the file belongs to the first listener. */
    record Accepted(String name, Integer listener, long length) {}

    /** An upload that is complete. */
    record Upload(String document, String name, long bytes) {}

    /** Checks the parameters of the request. */
    public Accepted accept(@Body HttpServerRequest request) throws ProblemException {
        String name = request.getParam("name");
        String listener = request.getParam("listener");
        String length = request.getHeader("Content-Length");
        if (name == null || name.isBlank() || name.length() > 500) {
            throw new ProblemException(400, "name must say what the file is called, in at most 500 characters.");
        }
        boolean first = listener == null || listener.isEmpty() || listener.equals("all");
        if (!first && !listener.matches("[1-9][0-9]{0,8}")) {
            throw noSuchListener();
        }
        return new Accepted(
                name, first ? null : Integer.valueOf(listener), length == null ? 0 : Long.parseLong(length));
    }

    /** Receives the file; a broken upload leaves nothing behind. */
    public Upload receive(
            @Body HttpServerRequest request,
            @Variable("accepted") Accepted accepted,
            @Variable("listenerName") String listenerName)
            throws IOException, ProblemException, InterruptedException {
        Path folder = inbox;
        if (accepted.listener != null) {
            if (listenerName == null) {
                throw noSuchListener();
            }
            folder = inbox.resolve("listeners").resolve(ListenerName.folder(listenerName));
        }
        Files.createDirectories(folder);
        long free = Files.getFileStore(folder).getUsableSpace() - RESERVE;
        if (accepted.length > free) {
            throw new ProblemException(
                    413,
                    "The disk of the inbox has room for " + Math.max(0, free >> 20)
                            + " MB more. Make room, or unpack the file and upload parts of it.");
        }
        String shown = accepted.name.replaceAll("[^A-Za-z0-9._-]+", "_");
        String own = FileTime.now() + "-" + RandomBits.hex(6) + "-" + shown.substring(Math.max(0, shown.length() - 60));
        Path growing = folder.resolve("." + own + ".part");
        Path complete = folder.resolve(own);
        try {
            long bytes = copy(request, growing);
            Files.move(growing, complete, StandardCopyOption.ATOMIC_MOVE);
            return new Upload(inbox.relativize(complete).toString(), accepted.name, bytes);
        } finally {
            Files.deleteIfExists(growing);
        }
    }

    /** Tells that the file is in the inbox. */
    public void respond(Exchange exchange, @Variable("upload") Upload upload) {
        HttpResponses.respond(exchange, 201, "application/json", HttpResponses.of(upload));
    }

    /** The request is paused: Vert.x reads from the connection only what is fetched here. */
    private long copy(HttpServerRequest request, Path growing)
            throws IOException, ProblemException, InterruptedException {
        var arrived = new LinkedBlockingQueue<Buffer>();
        request.handler(arrived::add)
                .endHandler(end -> arrived.add(END))
                .exceptionHandler(failure -> arrived.add(BROKEN));
        Context loop = Vertx.currentContext();
        fetch(loop, request, AHEAD);
        try (OutputStream file = Files.newOutputStream(growing, StandardOpenOption.CREATE_NEW)) {
            long bytes = 0;
            long check = 0;
            while (true) {
                Buffer next = arrived.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
                if (next == END) {
                    return bytes;
                }
                if (next == null || next == BROKEN) {
                    throw new EOFException("after " + bytes + " bytes");
                }
                file.write(next.getBytes());
                bytes += next.length();
                if (bytes >= check && Files.getFileStore(growing).getUsableSpace() < RESERVE / 2) {
                    throw new ProblemException(
                            413, "The disk of the inbox is full. Make room and upload the file again.");
                }
                check = bytes >= check ? bytes + CHECK_EVERY : check;
                fetch(loop, request, 1);
            }
        } finally {
            request.handler(null);
        }
    }

    /** Only the event loop knows whether the request has ended, after which nothing may be fetched. */
    private static void fetch(Context loop, HttpServerRequest request, int buffers) {
        loop.runOnContext(now -> {
            if (!request.isEnded()) {
                request.fetch(buffers);
            }
        });
    }

    private static ProblemException noSuchListener() {
        return new ProblemException(400, "There is no such listener.");
    }
}
