/** Copies lines into staging, merges them into plays, and pairs the reports of one listening. */
package tracklog.merge;
