/** Writes everything that is stored as documents, restores it, and audits the books. */
package tracklog.backup;
