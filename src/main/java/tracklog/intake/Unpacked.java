package tracklog.intake;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ClosedChannelException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;
import java.util.zip.GZIPInputStream;
import tracklog.document.BrokenDocumentException;

/** The unpacked bytes of an archive. Their number and checksum are verified, whatever the archive claims. */
final class Unpacked extends FilterInputStream {

    private static final String TOO_MUCH = "It unpacks to more than %d times its size; no export of Spotify does.";

    /** Spotify's ZIPs unpack about 13:1. */
    private static final int MOST_UNPACKED = 200;

    private static final long ALWAYS_FINE = 1 << 20;

    private final CRC32 crc = new CRC32();
    private final long wantedCrc;
    private final long packed;
    private long count;

    /** @param wantedCrc -1 if the stream itself verifies it */
    Unpacked(InputStream bytes, long packed, long wantedCrc) {
        super(bytes);
        this.packed = packed;
        this.wantedCrc = wantedCrc;
    }

    static InputStream gzip(Path file) throws IOException {
        InputStream packed = Files.newInputStream(file);
        try {
            return new Unpacked(new GZIPInputStream(packed), Files.size(file), -1);
        } catch (IOException e) {
            packed.close();
            throw BrokenDocumentException.endsEarly(reason(e), e);
        }
    }

    static String reason(IOException fault) {
        return "It cannot be unpacked (" + fault.getMessage() + "). Download or copy it again.";
    }

    static void refuseBomb(double unpacked, long packed) throws BrokenDocumentException {
        if (unpacked > Math.max(ALWAYS_FINE, packed * MOST_UNPACKED)) {
            throw new BrokenDocumentException(TOO_MUCH.formatted(MOST_UNPACKED));
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int read;
        try {
            read = super.read(buffer, offset, length);
        } catch (FileSystemException | ClosedChannelException e) {
            throw e;
        } catch (IOException e) {
            throw wantedCrc < 0
                    ? BrokenDocumentException.endsEarly(reason(e), e)
                    : new BrokenDocumentException(reason(e), e);
        }
        if (read < 0) {
            if (wantedCrc >= 0 && crc.getValue() != wantedCrc) {
                throw new BrokenDocumentException("Its checksum is wrong. Download or copy it again.");
            }
            return read;
        }
        crc.update(buffer, offset, read);
        count += read;
        refuseBomb((double) count, packed);
        return read;
    }
}
