// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline.template;

import static io.skopos.logs.language.pipeline.template.TemplateFunction.add;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import io.skopos.engine.text.RegexTemplate;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;

/** Functions on texts. */
final class TextFunctions {

  private TextFunctions() {}

  static void addTo(Map<String, TemplateFunction> to) {
    add(to, "ToLower", 1, a -> a.text(0).toLowerCase(Locale.ROOT));
    add(to, "lower", 1, a -> a.text(0).toLowerCase(Locale.ROOT));
    add(to, "ToUpper", 1, a -> a.text(0).toUpperCase(Locale.ROOT));
    add(to, "upper", 1, a -> a.text(0).toUpperCase(Locale.ROOT));
    add(to, "title", 1, a -> title(a.text(0)));
    add(to, "Replace", 4, a -> replace(a.text(0), a.text(1), a.text(2), a.whole(3)));
    add(to, "replace", 3, a -> replace(a.text(2), a.text(0), a.text(1), -1));
    add(to, "Trim", 2, a -> trim(a.text(0), a.text(1), true, true));
    add(to, "TrimLeft", 2, a -> trim(a.text(0), a.text(1), true, false));
    add(to, "TrimRight", 2, a -> trim(a.text(0), a.text(1), false, true));
    add(to, "trimAll", 2, a -> trim(a.text(1), a.text(0), true, true));
    add(to, "TrimPrefix", 2, a -> trimPrefix(a.text(0), a.text(1)));
    add(to, "trimPrefix", 2, a -> trimPrefix(a.text(1), a.text(0)));
    add(to, "TrimSuffix", 2, a -> trimSuffix(a.text(0), a.text(1)));
    add(to, "trimSuffix", 2, a -> trimSuffix(a.text(1), a.text(0)));
    add(to, "TrimSpace", 1, a -> a.text(0).strip());
    add(to, "trim", 1, a -> a.text(0).strip());
    add(to, "contains", 2, a -> a.text(1).contains(a.text(0)));
    add(to, "hasPrefix", 2, a -> a.text(1).startsWith(a.text(0)));
    add(to, "hasSuffix", 2, a -> a.text(1).endsWith(a.text(0)));
    add(to, "trunc", 2, a -> trunc(a.whole(0), a.text(1)));
    add(to, "substr", 3, a -> substr(a.whole(0), a.whole(1), a.text(2)));
    add(to, "repeat", 2, a -> repeat(a.whole(0), a.text(1)));
    add(to, "indent", 2, a -> indent(a.whole(0), a.text(1)));
    add(to, "nindent", 2, a -> "\n" + indent(a.whole(0), a.text(1)));
    add(to, "alignLeft", 2, a -> align(a.whole(0), a.text(1), true));
    add(to, "alignRight", 2, a -> align(a.whole(0), a.text(1), false));
    add(
        to,
        "b64enc",
        1,
        a -> Base64.getEncoder().encodeToString(a.text(0).getBytes(StandardCharsets.UTF_8)));
    add(to, "b64dec", 1, a -> base64Decoded(a.text(0)));
    add(to, "urlencode", 1, a -> urlEncoded(a.text(0)));
    add(to, "urlquery", 1, TemplateFunction.ANY, a -> urlEncoded(joined(a)));
    add(to, "urldecode", 1, a -> urlDecoded(a.text(0)));
    add(to, "html", 0, TemplateFunction.ANY, a -> html(joined(a)));
    add(to, "js", 0, TemplateFunction.ANY, a -> js(joined(a)));
    add(
        to,
        "regexReplaceAll",
        3,
        a -> replaceAll(a.run().pattern(a.text(0)), a.text(1), a.text(2), false));
    add(
        to,
        "regexReplaceAllLiteral",
        3,
        a -> replaceAll(a.run().pattern(a.text(0)), a.text(1), a.text(2), true));
    add(to, "count", 2, a -> count(a.run().pattern(a.text(0)), a.text(1)));
  }

  static String joined(TemplateFunction.Arguments arguments) {
    StringBuilder out = new StringBuilder();
    boolean textBefore = true;
    for (int i = 0; i < arguments.size(); i++) {
      boolean text = arguments.get(i) instanceof String;
      // As fmt.Sprint does: a space where neither side is a text.
      if (i > 0 && !text && !textBefore) {
        out.append(' ');
      }
      out.append(GoValues.text(arguments.get(i)));
      textBefore = text;
    }
    return out.toString();
  }

  private static String title(String text) {
    StringBuilder out = new StringBuilder(text.length());
    boolean begins = true;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      out.append(begins ? Character.toTitleCase(c) : c);
      begins = !Character.isLetterOrDigit(c) && c != '_' && c != '\'';
    }
    return out.toString();
  }

  private static String replace(String text, String old, String by, int times) {
    int limit = times < 0 ? Integer.MAX_VALUE : times;
    StringBuilder out = new StringBuilder();
    int at = 0;
    for (int done = 0; done < limit; done++) {
      int found = text.indexOf(old, at + (old.isEmpty() && done > 0 ? 1 : 0));
      if (found < 0 || (old.isEmpty() && done > text.length())) {
        break;
      }
      out.append(text, at, found).append(by);
      at = found + old.length();
      TemplateRun.checkLength(out.length());
      if (old.isEmpty() && found == text.length()) {
        break;
      }
    }
    return out.append(text, at, text.length()).toString();
  }

  private static String trim(String text, String cutset, boolean left, boolean right) {
    int from = 0;
    int end = text.length();
    while (left && from < end && cutset.indexOf(text.charAt(from)) >= 0) {
      from++;
    }
    while (right && end > from && cutset.indexOf(text.charAt(end - 1)) >= 0) {
      end--;
    }
    return text.substring(from, end);
  }

  private static String trimPrefix(String text, String prefix) {
    return text.startsWith(prefix) ? text.substring(prefix.length()) : text;
  }

  private static String trimSuffix(String text, String suffix) {
    return text.endsWith(suffix) ? text.substring(0, text.length() - suffix.length()) : text;
  }

  private static int characters(String text) {
    return text.codePointCount(0, text.length());
  }

  private static int offset(String text, int character) {
    return text.offsetByCodePoints(0, character);
  }

  private static String trunc(int count, String text) {
    int length = characters(text);
    if (count < 0 && length + count > 0) {
      return text.substring(offset(text, length + count));
    }
    return count >= 0 && length > count ? text.substring(0, offset(text, count)) : text;
  }

  private static String substr(int start, int end, String text) {
    int length = characters(text);
    int from = start < 0 ? 0 : Math.min(start, length);
    int to = end < 0 && start < 0 ? 0 : end < 0 || end > length ? length : end;
    return from >= to ? "" : text.substring(offset(text, from), offset(text, to));
  }

  private static String repeat(int count, String text) {
    if (count < 0) {
      throw new TemplateFailed("strings: negative Repeat count");
    }
    TemplateRun.checkLength((long) count * text.length());
    return text.repeat(count);
  }

  private static String indent(int spaces, String text) {
    TemplateRun.checkLength(
        Math.max(0, spaces) * (text.chars().filter(c -> c == '\n').count() + 1) + text.length());
    String pad = " ".repeat(Math.max(0, spaces));
    return pad + text.replace("\n", "\n" + pad);
  }

  private static String align(int count, String text, boolean left) {
    int length = characters(text);
    if (count < 0 || count == length) {
      return text;
    }
    TemplateRun.checkLength(count);
    if (count > length) {
      String pad = " ".repeat(count - length);
      return left ? text + pad : pad + text;
    }
    return left
        ? text.substring(0, offset(text, count))
        : text.substring(offset(text, length - count));
  }

  private static String base64Decoded(String text) {
    try {
      return new String(
          Base64.getDecoder().decode(text.replace("\n", "").replace("\r", "")),
          StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return "illegal base64 data at input byte 0";
    }
  }

  private static String urlEncoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("*", "%2A").replace("%7E", "~");
  }

  private static String urlDecoded(String text) {
    for (int i = text.indexOf('%'); i >= 0; i = text.indexOf('%', i + 1)) {
      boolean hex =
          i + 2 < text.length()
              && Character.digit(text.charAt(i + 1), 16) >= 0
              && Character.digit(text.charAt(i + 2), 16) >= 0;
      if (!hex) {
        throw new TemplateFailed(
            "invalid URL escape \"" + text.substring(i, Math.min(i + 3, text.length())) + '"');
      }
    }
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  private static String html(String text) {
    return text.replace("&", "&amp;")
        .replace("\"", "&#34;")
        .replace("'", "&#39;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\0", "\uFFFD");
  }

  private static String js(String text) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '\\' -> out.append("\\\\");
        case '\'' -> out.append("\\'");
        case '"' -> out.append("\\\"");
        case '<', '>', '&', '=' -> out.append(String.format(Locale.ROOT, "\\u%04X", (int) c));
        default -> {
          if (c < ' ') {
            out.append(String.format(Locale.ROOT, "\\u%04X", (int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    return out.toString();
  }

  private static String replaceAll(Pattern pattern, String text, String by, boolean literal) {
    Matcher matcher = pattern.matcher(text);
    StringBuilder out = new StringBuilder();
    int at = 0;
    int lastEnd = -1;
    while (matcher.find()) {
      // An empty match right behind another is none in Go.
      if (matcher.start() == matcher.end() && matcher.start() == lastEnd) {
        continue;
      }
      out.append(text, at, matcher.start());
      if (literal) {
        out.append(by);
      } else {
        out.append(RegexTemplate.expand(by, matcher, pattern, TemplateRun::checkLength));
      }
      at = matcher.end();
      lastEnd = at;
      TemplateRun.checkLength(out.length());
    }
    return out.append(text, at, text.length()).toString();
  }

  private static long count(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    long count = 0;
    int lastEnd = -1;
    while (matcher.find()) {
      if (matcher.start() != matcher.end() || matcher.start() != lastEnd) {
        count++;
      }
      lastEnd = matcher.end();
    }
    return count;
  }
}
