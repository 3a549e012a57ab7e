// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.web.receive;

/** Why a receiver did not take a row; the value of the label {@code reason}. */
public enum Rejection {
  /** The row or message could not be read. */
  MALFORMED,
  /** Its labels are not valid, or too many or too long. */
  LABELS,
  /** Its time is outside of what is stored, or older than the retention. */
  TIME,
  /** It is read, and cannot be represented. */
  UNSUPPORTED,
  /** A limit of its tenant. */
  LIMIT,
  /** The store could not take it now. */
  UNAVAILABLE;

  public String word() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
