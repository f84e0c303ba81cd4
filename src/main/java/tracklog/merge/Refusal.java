package tracklog.merge;

import java.sql.SQLException;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.camel.Body;
import org.apache.camel.ExchangeException;
import org.apache.camel.Variable;
import org.springframework.core.NestedExceptionUtils;
import tracklog.document.BrokenDocumentException;
import tracklog.document.DocumentImport;

/** What to do if the database refuses the content of documents. */
public final class Refusal {

    /** The codes of SQLSTATE for a database that cannot work now; a later try can succeed. */
    private static final Pattern PASSING = Pattern.compile("08...|53...|57(?!014)...|58...|40001|40P01|55P03");

    private Refusal() {}

    /** Throws the fault again unless the database refused what it was given, so that a later try would fail as well. */
    public static void requireRefusal(@ExchangeException Exception fault) throws Exception {
        Throwable root = NestedExceptionUtils.getMostSpecificCause(fault);
        if (!(root instanceof SQLException refused)
                || refused.getSQLState() == null
                || PASSING.matcher(refused.getSQLState()).matches()) {
            throw fault;
        }
    }

    public static void refuse(@Body DocumentImport document, @ExchangeException Exception fault) {
        DocumentImport.fail(
                document,
                new BrokenDocumentException("The database refuses it: "
                        + NestedExceptionUtils.getMostSpecificCause(fault).getMessage()));
    }

    public static List<List<DocumentImport>> halves(@Variable("documents") List<DocumentImport> documents) {
        int half = documents.size() / 2;
        return List.of(documents.subList(0, half), documents.subList(half, documents.size()));
    }
}
