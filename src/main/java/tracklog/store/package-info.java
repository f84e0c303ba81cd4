/** The PostgreSQL that holds the history: embedded or external, its pool, its migrations. */
package tracklog.store;
