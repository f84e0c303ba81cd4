/** What Tracklog has to do with AWS: a bucket, and a secret. */
package tracklog.aws;
