// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.web.wire;

/** The bytes are not the message they should be; nothing of it is used. */
public final class MalformedMessage extends Exception {

  private static final long serialVersionUID = 1L;

  public MalformedMessage(String message) {
    super(message, null, false, false);
  }
}
