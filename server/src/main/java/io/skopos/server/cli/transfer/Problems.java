// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.cli.transfer;

import java.io.PrintWriter;

/** What went wrong without ending the transfer: the first ones are printed, all are counted. */
public final class Problems {

  private static final int SHOWN = 20;

  private final PrintWriter err;

  /** Goes over a line of progress. */
  private final String clear;

  private long count;

  public Problems(PrintWriter err, boolean terminal) {
    this.err = err;
    this.clear = terminal ? "\r\u001b[K" : "";
  }

  public void add(String problem) {
    count++;
    if (count <= SHOWN) {
      err.println(clear + "problem: " + problem);
    } else if (count == SHOWN + 1) {
      err.println(clear + "further problems are only counted");
    }
    err.flush();
  }

  public long count() {
    return count;
  }

  /** Ends a line that tells what was done: how many there were, nothing when there were none. */
  public String ending() {
    return count == 0 ? "" : "; " + count + " problems";
  }
}
