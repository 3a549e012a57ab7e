// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.web.wire;

import com.fasterxml.jackson.core.JsonLocation;
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
    if (!(failure instanceof JsonProcessingException syntax)) {
      return new MalformedMessage(what + ": " + failure.getMessage());
    }
    // Bounds of the parser, such as the longest number, are told without one.
    JsonLocation place = syntax.getLocation();
    return new MalformedMessage(
        what
            + (place == null
                ? ""
                : " at line " + place.getLineNr() + ", column " + place.getColumnNr())
            + ": "
            + syntax.getOriginalMessage());
  }
}
