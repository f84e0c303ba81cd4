/** Connects Tracklog with AWS: a bucket, and a secret. */
package tracklog.aws;
