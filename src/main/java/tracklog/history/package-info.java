/** Reads what Spotify sends, in every format, and hands it to the database line by line. */
package tracklog.history;
