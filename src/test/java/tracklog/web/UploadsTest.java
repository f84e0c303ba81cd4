package tracklog.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UploadsTest {

    private final Vertx vertx = Vertx.vertx();
    private final CompletableFuture<Uploads.Upload> received = new CompletableFuture<>();

    @TempDir
    Path inbox;

    private Socket sender;

    @BeforeEach
    void open() throws Exception {
        Uploads uploads = new Uploads(inbox, Duration.ofMillis(500));
        HttpServer server = vertx.createHttpServer()
                .requestHandler(request -> {
                    request.pause();
                    vertx.executeBlocking(
                                    () -> uploads.receive(request, new Uploads.Accepted("a file.json", null, 0), null))
                            .onSuccess(received::complete)
                            .onFailure(received::completeExceptionally);
                })
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
        sender = new Socket(InetAddress.getLoopbackAddress(), server.actualPort());
    }

    @AfterEach
    void close() throws Exception {
        sender.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void aFileArrivesByteForByte() throws Exception {
        byte[] sent = new byte[3_000_001];
        new java.util.Random(1).nextBytes(sent);
        send("Content-Length: " + sent.length);
        sender.getOutputStream().write(sent);
        Uploads.Upload upload = received.get(10, TimeUnit.SECONDS);
        assertThat(upload.document()).matches("[0-9TZ]+-[0-9a-f]{12}-a_file.json");
        assertThat(upload.bytes()).isEqualTo(sent.length);
        assertThat(inbox.resolve(upload.document())).hasBinaryContent(sent);
        assertThat(files()).hasSize(1);
    }

    @Test
    void anEmptyFileArrives() throws Exception {
        send("Content-Length: 0");
        assertThat(received.get(10, TimeUnit.SECONDS).bytes()).isZero();
    }

    @Test
    void aSilentSenderIsGivenUpAndLeavesNothing() throws Exception {
        send("Content-Length: 10");
        sender.getOutputStream().write('[');
        assertThatThrownBy(() -> received.get(10, TimeUnit.SECONDS))
                .hasCauseInstanceOf(EOFException.class)
                .hasMessageContaining("after 1 bytes");
        assertThat(files()).isEmpty();
    }

    private void send(String header) throws IOException {
        sender.getOutputStream().write(("POST / HTTP/1.1\r\nHost: x\r\n" + header + "\r\n\r\n").getBytes(UTF_8));
    }

    private Path[] files() throws IOException {
        try (Stream<Path> files = Files.list(inbox)) {
            return files.toArray(Path[]::new);
        }
    }
}
