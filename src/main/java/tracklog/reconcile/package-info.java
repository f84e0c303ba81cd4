/** Finds which reports of different sources are one listening. */
package tracklog.reconcile;
