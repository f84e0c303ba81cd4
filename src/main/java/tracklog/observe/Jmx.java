package tracklog.observe;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.rmi.NotBoundException;
import java.rmi.registry.LocateRegistry;
import java.rmi.server.RMIServerSocketFactory;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.Map;
import javax.management.JMException;
import javax.management.ObjectName;
import javax.management.remote.JMXAuthenticator;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXServiceURL;
import javax.management.remote.rmi.RMIConnector;
import javax.management.remote.rmi.RMIConnectorServer;
import javax.management.remote.rmi.RMIJRMPServerImpl;
import javax.management.remote.rmi.RMIServer;
import tracklog.Settings;
import tracklog.store.Port;

/** Serves JMX to other processes of this machine, on the loopback address only, where {@code JMX_PORT} is set. */
public final class Jmx {

    private static final String HOST = "127.0.0.1";

    private Jmx() {}

    /**
     * Serves registry and connections on one port, so that one forwarded port suffices. Does nothing where {@code
     * JMX_PORT} is not set.
     *
     * @throws IOException if the port is taken
     */
    public static void serve(Settings settings) throws IOException, JMException {
        // Clients are sent to this address, also by an agent that jcmd starts later. No other one answers.
        System.setProperty("java.rmi.server.hostname", HOST);
        if (settings.get("JMX_PORT").isEmpty()) {
            return;
        }
        int port = settings.number("JMX_PORT");
        Port.requireFree(HOST, port, "JMX_PORT");
        // Without this filter another user of this machine could register a server here and receive the password.
        System.setProperty("sun.rmi.registry.registryFilter", "!*");
        Map<String, Object> options = new HashMap<>();
        options.put(RMIConnectorServer.CREDENTIALS_FILTER_PATTERN, "java.lang.String;!*");
        settings.secret("JMX_PASSWORD").ifPresent(it -> options.put(RMIConnectorServer.AUTHENTICATOR, asking(it)));

        RMIServerSocketFactory loopback = any -> new ServerSocket(any, 0, InetAddress.getLoopbackAddress());
        RMIJRMPServerImpl rmi = new RMIJRMPServerImpl(port, null, loopback, options);
        RMIConnectorServer server = new RMIConnectorServer(new JMXServiceURL("rmi", HOST, port), options, rmi, null);
        ManagementFactory.getPlatformMBeanServer().registerMBean(server, new ObjectName("tracklog:type=jmx"));
        server.start();
        LocateRegistry.createRegistry(port, null, loopback).rebind("jmxrmi", rmi.toStub());
    }

    /**
     * Connects to the program that runs with the same settings.
     *
     * @throws IllegalArgumentException if {@code JMX_PORT} is not set
     * @throws IOException if no program answers on that port
     */
    static JMXConnector connect(Settings settings) throws IOException {
        if (settings.get("JMX_PORT").isEmpty()) {
            throw new IllegalArgumentException("JMX is off. Set JMX_PORT, to 9010 say, for the program and for this"
                    + " command; docs/monitoring.md says how to turn JMX on without a restart.");
        }
        int port = settings.number("JMX_PORT");
        String[] credentials = {"tracklog", settings.secret("JMX_PASSWORD").orElse("")};
        try {
            RMIServer stub = (RMIServer) LocateRegistry.getRegistry(HOST, port).lookup("jmxrmi");
            JMXConnector connector = new RMIConnector(stub, Map.of(JMXConnector.CREDENTIALS, credentials));
            connector.connect();
            return connector;
        } catch (SecurityException e) {
            throw new IOException("The program at " + HOST + ":" + port + " refuses JMX_PASSWORD.", e);
        } catch (IOException | NotBoundException e) {
            throw new IOException("No program answers over JMX at " + HOST + ":" + port + " (JMX_PORT).", e);
        }
    }

    private static JMXAuthenticator asking(String password) {
        return credentials -> {
            if (credentials instanceof String[] given
                    && given.length == 2
                    && given[1] != null
                    && MessageDigest.isEqual(given[1].getBytes(UTF_8), password.getBytes(UTF_8))) {
                return null; // no subject: under one the JVM denies calls to some MBeans
            }
            throw new SecurityException("wrong password");
        };
    }
}
