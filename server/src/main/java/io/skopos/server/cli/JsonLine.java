// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.util.List;

/** One JSON object of texts and numbers, for programs that read a command's output. */
final class JsonLine {

  private JsonLine() {}

  static String of(List<String> names, List<?> values) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.writeStartObject();
      for (int i = 0; i < names.size(); i++) {
        json.writeFieldName(names.get(i));
        switch (values.get(i)) {
          case Long number -> json.writeNumber(number);
          case Integer number -> json.writeNumber(number);
          case Boolean truth -> json.writeBoolean(truth);
          default -> json.writeString(values.get(i).toString());
        }
      }
      json.writeEndObject();
    }
    return text.toString();
  }
}
