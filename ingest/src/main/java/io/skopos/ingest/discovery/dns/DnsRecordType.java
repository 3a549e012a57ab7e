// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.discovery.dns;

import java.util.Locale;

/** The kinds of records targets can be found by; codes of RFC 1035, 3596 and 2782. */
public enum DnsRecordType {
  A(1),
  NS(2),
  MX(15),
  AAAA(28),
  SRV(33);

  private final int code;

  DnsRecordType(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }

  static DnsRecordType parse(String text) {
    for (DnsRecordType type : values()) {
      if (type.name().equals(text.toUpperCase(Locale.ROOT))) {
        return type;
      }
    }
    throw new IllegalArgumentException(
        "'" + text + "' is neither SRV, A, AAAA, MX nor NS, which are the types there are");
  }
}
