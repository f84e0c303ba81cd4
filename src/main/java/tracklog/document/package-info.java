/** Recognises a document by its content and reads it, line by line. */
package tracklog.document;
