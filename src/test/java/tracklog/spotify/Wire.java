package tracklog.spotify;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;

/** The wire to Spotify's API: passes everything on, until it is told to cut an answer or to let it drip. */
final class Wire implements AutoCloseable {

    enum Mode {
        PASS,
        TRUNCATE,
        RESET,
        DRIP
    }

    private final ServerSocket server;
    private final int target;
    private final AtomicInteger connections = new AtomicInteger();
    private volatile Mode mode = Mode.PASS;

    Wire(int target) {
        this.target = target;
        try {
            server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        daemon(this::listen);
    }

    String url() {
        return "http://127.0.0.1:" + server.getLocalPort();
    }

    void mode(Mode next) {
        mode = next;
        connections.set(0);
    }

    int connections() {
        return connections.get();
    }

    private void listen() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                connections.incrementAndGet();
                daemon(() -> serve(socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            switch (mode) {
                case PASS -> {
                    try (Socket spotify = new Socket(InetAddress.getLoopbackAddress(), target)) {
                        daemon(() -> copy(socket, spotify));
                        spotify.getInputStream().transferTo(socket.getOutputStream());
                    }
                }
                case TRUNCATE -> {
                    readHead(socket);
                    head(socket, 1000);
                    socket.getOutputStream().write("{\"items\": [".getBytes(US_ASCII));
                }
                case RESET -> {
                    readHead(socket);
                    socket.setSoLinger(true, 0);
                }
                case DRIP -> {
                    readHead(socket);
                    head(socket, 100_000);
                    while (true) {
                        socket.getOutputStream().write(' ');
                        socket.getOutputStream().flush();
                        Thread.sleep(100);
                    }
                }
            }
        } catch (IOException e) {
            // The other side has hung up.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void copy(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) {
            // The other side has hung up.
        }
    }

    private static void readHead(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        for (int end = 0; end < 4; ) {
            int c = in.read();
            end = c == '\r' || c == '\n' ? end + 1 : 0;
        }
    }

    private static void head(Socket socket, int length) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + length + "\r\n\r\n")
                .getBytes(US_ASCII));
        out.flush();
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task, "wire");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
