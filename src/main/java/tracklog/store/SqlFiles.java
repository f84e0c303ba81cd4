package tracklog.store;

/** The statements of {@code sql/}, for what cannot go through a route. */
public final class SqlFiles {

    private SqlFiles() {}

    /** Returns the text of {@code sql/NAME.sql}. */
    public static String read(String name) {
        return TextResource.read("sql/" + name + ".sql");
    }
}
