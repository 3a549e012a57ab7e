// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.api;

import io.skopos.logs.language.QueryStatistics;
import io.skopos.serving.answer.JsonText;
import java.io.IOException;

/** The object {@code stats}: what is measured here under Loki's names, the others are zero. */
final class StatisticsJson {

  private StatisticsJson() {}

  static void write(JsonText json, QueryStatistics cost, long waitedNanos, long entries)
      throws IOException {
    double seconds = cost.evalNanos() / 1e9;
    json.raw("{\"summary\":{\"bytesProcessedPerSecond\":")
        .integer(perSecond(cost.bytes(), seconds));
    json.raw(",\"linesProcessedPerSecond\":").integer(perSecond(cost.lines(), seconds));
    json.raw(",\"totalBytesProcessed\":").integer(cost.bytes());
    json.raw(",\"totalLinesProcessed\":").integer(cost.lines());
    json.raw(",\"execTime\":").number(seconds);
    json.raw(",\"queueTime\":").number(waitedNanos / 1e9);
    json.raw(",\"subqueries\":0,\"totalEntriesReturned\":").integer(entries);
    json.raw(",\"splits\":1,\"shards\":1,\"totalPostFilterLines\":").integer(cost.linesKept());
    json.raw(",\"totalStructuredMetadataBytesProcessed\":0},\"querier\":{\"store\":");
    store(json, cost);
    json.raw("},\"ingester\":{\"totalReached\":0,\"totalChunksMatched\":0,\"totalBatches\":0,");
    json.raw("\"totalLinesSent\":0,\"store\":");
    store(json, new QueryStatistics(0, 0, 0, 0, 0, 0));
    json.raw("},\"cache\":{},\"index\":{\"totalChunks\":0,\"postFilterChunks\":0}}");
  }

  private static long perSecond(long count, double seconds) {
    return seconds <= 0 ? 0 : (long) Math.min(Long.MAX_VALUE, count / seconds);
  }

  private static void store(JsonText json, QueryStatistics cost) throws IOException {
    json.raw("{\"totalChunksRef\":").integer(cost.streams());
    json.raw(
        ",\"totalChunksDownloaded\":0,\"chunksDownloadTime\":0,\"queryReferencedStructuredMetadata\":");
    json.raw("false,\"chunk\":{\"headChunkBytes\":0,\"headChunkLines\":0,\"decompressedBytes\":");
    json.integer(cost.bytes()).raw(",\"decompressedLines\":").integer(cost.lines());
    json.raw(",\"compressedBytes\":0,\"totalDuplicates\":0,\"postFilterLines\":");
    json.integer(cost.linesKept()).raw("}}");
  }
}
