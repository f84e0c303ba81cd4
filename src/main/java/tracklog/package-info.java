/** Keeps a person's whole Spotify listening history in their own PostgreSQL. */
package tracklog;
