/** Opens the PostgreSQL that holds the history, embedded or external, and holds the helpers that all packages share. */
package tracklog.store;
