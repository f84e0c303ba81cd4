package tracklog.store;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** A port that something of ours is about to listen on. */
public final class Port {

    private Port() {}

    /**
     * Holds that nobody listens there yet.
     *
     * @param setting the name of the setting that moves the port
     * @throws IOException if the port is taken or cannot be listened on; the message names the setting
     */
    public static void requireFree(String host, int port, String setting) throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(host, port));
        } catch (BindException e) {
            throw new IOException(
                    "Port " + port + " on " + host + " cannot be used (" + e.getMessage()
                            + "). Stop the program that has it, or set " + setting + " to another port.",
                    e);
        }
    }
}
