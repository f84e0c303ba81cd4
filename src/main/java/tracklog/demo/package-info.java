/** The demo: a made-up person's listening, as Spotify would tell it. Only {@code ./tracklog demo} loads it. */
package tracklog.demo;
