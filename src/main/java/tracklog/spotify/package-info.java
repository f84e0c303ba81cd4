/**
 * Collects from Spotify: the app and its tokens, what is read from responses, and what a failed call means.
 *
 * <p>The routes {@code poll-listener} and {@code connect-spotify} show the order of the steps.
 */
package tracklog.spotify;
