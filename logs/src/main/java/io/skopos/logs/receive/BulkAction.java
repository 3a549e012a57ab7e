// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.receive;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The line before an object of a bulk request: what is to be done with it, and where. */
record BulkAction(String name, String index, String id) {

  private static final JsonFactory JSON = new JsonFactory();

  /** Null when the bytes are no action. */
  static @Nullable BulkAction read(byte[] bytes, int from, int to, String defaultIndex) {
    String index = defaultIndex;
    String id = "";
    try (JsonParser in = JSON.createParser(bytes, from, to - from)) {
      if (in.nextToken() == JsonToken.START_OBJECT && in.nextToken() == JsonToken.FIELD_NAME) {
        String name = in.currentName();
        switch (name) {
          case "create", "index", "update", "delete" -> {
            in.nextToken();
            while (in.nextToken() == JsonToken.FIELD_NAME) {
              String field = in.currentName();
              if (in.nextToken() == JsonToken.VALUE_STRING && field.equals("_index")) {
                index = in.getText();
              } else if (in.currentToken() == JsonToken.VALUE_STRING && field.equals("_id")) {
                id = in.getText();
              } else {
                in.skipChildren();
              }
            }
            return new BulkAction(name, index, id);
          }
          default -> {}
        }
      }
      return null;
    } catch (IOException e) {
      return null;
    }
  }
}
