// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect.stage;

import java.util.List;

/**
 * Tells which lines continue the one before: indented ones, and what belongs to stack traces of
 * Java (and its like), Python and Go though it is not indented. Used by one thread, for one block.
 */
final class StackTraces {

  private static final List<String> JAVA = List.of("Caused by:", "Suppressed:", "... ");
  private static final String PYTHON = "Traceback (most recent call last):";
  private static final List<String> PYTHON_LINKS =
      List.of(
          "During handling of the above exception,",
          "The above exception was the direct cause of the following exception:");
  private static final List<String> GO_STARTS =
      List.of("panic:", "fatal error:", "runtime: goroutine stack exceeds", "SIGSEGV:", "SIGABRT:");

  private boolean python;
  private boolean pythonEnded;
  private boolean go;
  private boolean blank;

  /** The block's first line. */
  void begin(String line) {
    python = line.startsWith(PYTHON);
    pythonEnded = false;
    blank = false;
    go = startsAs(line, GO_STARTS) || line.startsWith("goroutine ");
  }

  boolean continues(String line) {
    boolean afterBlank = blank;
    blank = line.isBlank();
    if (blank) {
      return go || python;
    }
    char first = line.charAt(0);
    if (first == ' ' || first == '\t') {
      return true;
    }
    if (startsAs(line, JAVA)) {
      return true;
    }
    if (line.startsWith(PYTHON)) {
      python = true;
      pythonEnded = false;
      return true;
    }
    if (python && startsAs(line, PYTHON_LINKS)) {
      return true;
    }
    if (python && !pythonEnded && !afterBlank) {
      // The exception itself follows its frames and ends the trace.
      pythonEnded = true;
      return true;
    }
    if (!go && (startsAs(line, GO_STARTS) && afterBlank || isGoroutine(line))) {
      go = true;
      return true;
    }
    return go && isGoFrame(line);
  }

  private static boolean isGoFrame(String line) {
    return isGoroutine(line)
        || line.startsWith("created by ")
        || line.startsWith("[signal ")
        || line.startsWith("exit status ")
        || line.startsWith("runtime stack:")
        || line.endsWith(")") && line.indexOf('(') > 0 && line.indexOf(' ') < 0
        || line.endsWith(")") && line.indexOf('(') > 0 && line.indexOf('.') > 0;
  }

  private static boolean isGoroutine(String line) {
    return line.startsWith("goroutine ") && line.endsWith("]:");
  }

  private static boolean startsAs(String line, List<String> starts) {
    for (String start : starts) {
      if (line.startsWith(start)) {
        return true;
      }
    }
    return false;
  }
}
