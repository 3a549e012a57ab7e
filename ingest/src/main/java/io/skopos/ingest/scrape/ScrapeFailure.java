// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.scrape;

/** A scrape that failed as a whole; the message is shown as the target's last error. */
final class ScrapeFailure extends Exception {

  private static final long serialVersionUID = 1L;

  ScrapeFailure(String message) {
    super(message);
  }

  ScrapeFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
