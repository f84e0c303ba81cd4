/** The REST API and the page: access, parameters of panels, responses, and files in and out. */
package tracklog.web;
