package tracklog.web;

import java.io.IOException;
import java.io.InputStream;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.support.DefaultMessage;
import tracklog.store.Sha256;

/** Serves the files of the dashboard from the class path. Each is compressed once and has its hash as ETag. */
public final class Pages {

    private static final Pattern PATH = Pattern.compile("/|(/[a-z0-9][a-z0-9_-]*(\\.[a-z0-9_-]+)*)+");

    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "svg", "image/svg+xml");

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Page(byte[] bytes, byte[] packed, String type, String tag) {}

    private final Map<String, Page> pages = new ConcurrentHashMap<>();

    /** Tells whether there is such a file; the files contain no personal data. */
    boolean has(String path) {
        return page(path) != null;
    }

    /** Responds with the file. */
    public void serve(Exchange exchange) throws ProblemException {
        String path = exchange.getIn().getHeader(Exchange.HTTP_URI, "", String.class);
        Page page = page(path);
        if (page == null) {
            throw new ProblemException(404, "There is no page here. The dashboard is at /.");
        }
        boolean packed =
                exchange.getIn().getHeader("Accept-Encoding", "", String.class).contains("gzip")
                        && page.packed.length < page.bytes.length;
        boolean unchanged = HttpResponses.isKnown(exchange, page.tag);
        exchange.setMessage(new DefaultMessage(exchange));
        Message response = exchange.getMessage();
        response.setHeader(Exchange.HTTP_RESPONSE_CODE, unchanged ? 304 : 200);
        response.setHeader(Exchange.CONTENT_TYPE, page.type);
        response.setHeader("ETag", page.tag);
        response.setHeader("Cache-Control", "no-cache");
        response.setHeader("Vary", "Accept-Encoding");
        if (packed && !unchanged) {
            response.setHeader("Content-Encoding", "gzip");
        }
        response.setBody(unchanged ? new byte[0] : packed ? page.packed : page.bytes);
    }

    /** Caches existing files only; otherwise requests with invented names could fill the memory. */
    private Page page(String path) {
        return pages.computeIfAbsent(path, Pages::read);
    }

    /** Returns null if there is no such file. */
    private static Page read(String path) {
        String name = path.equals("/") ? "/index.html" : path;
        String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
        if (type == null || !PATH.matcher(path).matches()) {
            return null;
        }
        try (InputStream in = Pages.class.getResourceAsStream("/web" + name)) {
            if (in == null) {
                return null;
            }
            byte[] bytes = in.readAllBytes();
            String tag = "W/\"" + HexFormat.of().formatHex(Sha256.of(bytes), 0, 12) + "\"";
            return new Page(bytes, HttpResponses.gzip(bytes), type, tag);
        } catch (IOException e) {
            throw new IllegalStateException("The page " + name + " cannot be read", e);
        }
    }
}
