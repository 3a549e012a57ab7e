// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline;

/** What {@code __error__} says, in Loki's words. */
final class Errors {

  static final String JSON = "JSONParserErr";
  static final String LOGFMT = "LogfmtParserErr";
  static final String SAMPLE_EXTRACTION = "SampleExtractionErr";
  static final String LABEL_FILTER = "LabelFilterErr";
  static final String TEMPLATE = "TemplateFormatErr";

  private Errors() {}
}
