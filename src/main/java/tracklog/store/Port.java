package tracklog.store;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Checks ports before servers listen on them. */
public final class Port {

    private Port() {}

    /**
     * Requires that nothing listens on the port.
     *
     * @param setting the name of the setting that holds the port
     * @throws IOException if the port is in use or cannot be listened on; the message names the setting
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
