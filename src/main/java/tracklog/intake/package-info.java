/** Imports dropped files: when a file is ready, what it is, and where it goes afterwards. */
package tracklog.intake;
