package tracklog.intake;

import tracklog.store.FileTime;

/** Names a file that has been read: its folder, the time, and the end of its name. */
public final class TargetName {

    /** In characters: with the prefix and the suffix it stays below the 255 bytes that a file name may have. */
    private static final int LONGEST_TAIL = 60;

    private TargetName() {}

    /**
     * Returns the path below done or failed.
     *
     * @param path the path below the inbox, or below {@code history/} in the bucket
     * @param mark stands after the time
     */
    public static String of(String path, String mark) {
        int name = path.lastIndexOf('/') + 1;
        int tail = Math.max(name, path.length() - LONGEST_TAIL);
        if (tail > name && Character.isLowSurrogate(path.charAt(tail))) {
            tail++;
        }
        return path.substring(0, name) + FileTime.now() + mark + "-" + path.substring(tail);
    }
}
