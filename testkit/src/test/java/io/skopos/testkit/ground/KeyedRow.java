// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.testkit.ground;

import io.skopos.model.TenantId;

/**
 * The test store's row: a key {@code group/name}, a time and a value.
 *
 * @param position where its frame lay in the log
 */
record KeyedRow(TenantId tenant, String key, long timeMs, String value, int shard, long position) {

  String group() {
    return key.substring(0, key.indexOf('/'));
  }

  /** Tab-separated, without the tenant, which the part knows. */
  String line() {
    return key + "\t" + timeMs + "\t" + value + "\t" + shard + "\t" + position;
  }

  static KeyedRow parse(TenantId tenant, String line) {
    String[] fields = line.split("\t", -1);
    return new KeyedRow(
        tenant,
        fields[0],
        Long.parseLong(fields[1]),
        fields[2],
        Integer.parseInt(fields[3]),
        Long.parseLong(fields[4]));
  }
}
