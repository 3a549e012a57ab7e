// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.web.receive;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** One tenant's receipts. Thread-safe. */
final class TenantReceipts {

  static final int MAX_REJECTIONS = 100;
  static final int MAX_DETAIL_CHARS = 400;

  private final Map<String, ProtocolReceipts> protocols = new TreeMap<>();
  private final ArrayDeque<Rejected> last = new ArrayDeque<>();

  /** Rows rejected together, for one reason. */
  record Rejected(long timeMs, String protocol, Rejection reason, long rows, String detail) {}

  /** What one protocol's receiver took and rejected since the tenant is remembered. */
  record Summary(
      String protocol,
      long rows,
      long rejected,
      double rowsPerSecond,
      double rejectedPerSecond,
      long lastMs) {}

  private static final class ProtocolReceipts {
    private final RecentRate taken = new RecentRate();
    private final RecentRate rejected = new RecentRate();
    private long lastMs;
  }

  synchronized void accepted(String protocol, long rows, long nowMs) {
    ProtocolReceipts receipts = protocol(protocol);
    receipts.taken.add(rows, nowMs);
    receipts.lastMs = nowMs;
  }

  synchronized void rejected(
      String protocol, Rejection reason, long rows, String detail, long nowMs) {
    ProtocolReceipts receipts = protocol(protocol);
    receipts.rejected.add(rows, nowMs);
    receipts.lastMs = nowMs;
    if (last.size() == MAX_REJECTIONS) {
      last.removeLast();
    }
    String shown =
        detail.length() <= MAX_DETAIL_CHARS
            ? detail
            : detail.substring(0, MAX_DETAIL_CHARS - 1) + "…";
    last.addFirst(new Rejected(nowMs, protocol, reason, rows, shown));
  }

  private ProtocolReceipts protocol(String protocol) {
    return protocols.computeIfAbsent(protocol, _ -> new ProtocolReceipts());
  }

  synchronized List<Summary> summaries(long nowMs) {
    List<Summary> all = new ArrayList<>();
    protocols.forEach((protocol, receipts) ->
        all.add(
            new Summary(
                protocol,
                receipts.taken.total(),
                receipts.rejected.total(),
                receipts.taken.perSecond(nowMs),
                receipts.rejected.perSecond(nowMs),
                receipts.lastMs)));
    return all;
  }

  /** The last rejections, the latest first. */
  synchronized List<Rejected> rejections() {
    return List.copyOf(last);
  }
}
