package tracklog.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import tracklog.TestProgram;

/** Asks a program's page over HTTP. */
record Client(TestProgram program) {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(program.http(path)));
    }

    /** With the header by which the page shows that a change is its own. */
    HttpRequest.Builder change(String path) {
        return request(path).header("X-Tracklog", "1");
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return HTTP.send(request.build(), BodyHandlers.ofString());
    }

    /** What a client that sets any header would see; Java's does not set Host. */
    String raw(String request) throws IOException {
        URI page = URI.create(program.http("/"));
        try (Socket socket = new Socket(page.getHost(), page.getPort())) {
            socket.getOutputStream().write(request.getBytes(UTF_8));
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        }
    }
}
