/** Takes in dropped files: when one is ready, what it is, and where it goes afterwards. */
package tracklog.intake;
