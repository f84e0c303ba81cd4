/** What the REST API and the pages need beyond routes and SQL: who may ask, what may be asked, files in and out. */
package tracklog.web;
