// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.web.wire;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;

/** The bytes are not the message they should be; nothing of it is used. */
public final class MalformedMessage extends Exception {

  private static final long serialVersionUID = 1L;

  public MalformedMessage(String message) {
    super(message, null, false, false);
  }

  /**
   * What a JSON parser threw, with the place if it knows one.
   *
   * @param what could not be read, as in "malformed OTLP JSON"
   */
  public static MalformedMessage ofJson(String what, IOException failure) {
    return new MalformedMessage(
        failure instanceof JsonProcessingException syntax
            ? what
                + " at line "
                + syntax.getLocation().getLineNr()
                + ", column "
                + syntax.getLocation().getColumnNr()
                + ": "
                + syntax.getOriginalMessage()
            : what + ": " + failure.getMessage());
  }
}
