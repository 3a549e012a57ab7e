// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.wire;

import io.skopos.logs.LogsConfig;
import io.skopos.logs.store.LogBatch;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** How much processor time reading a gigabyte of lines takes; run by hand with a file of lines. */
final class PushTiming {

  private PushTiming() {}

  public static void main(String[] args) throws Exception {
    List<String> lines =
        args.length > 0
            ? Files.readAllLines(Path.of(args[0]), java.nio.charset.StandardCharsets.ISO_8859_1)
            : List.of(
                "level=info ts=2024-01-01T00:00:00Z caller=metrics.go:159 component=frontend"
                    + " org_id=fake latency=fast query=\"{app=1}\" status=200 duration=12ms");
    boolean metadata = args.length > 1;
    PushMessage message = new PushMessage();
    long bytes = 0;
    for (int stream = 0; stream < 20; stream++) {
      PushMessage.Stream one = new PushMessage.Stream().labels("{app=\"a" + stream + "\"}");
      for (int i = 0; i < 2000; i++) {
        String line = lines.get((stream * 2000 + i) % lines.size());
        bytes += line.length();
        if (metadata) {
          one.entry(i, line, "trace_id", "0af7651916cd43dd8448eb211c80" + (stream * 2000 + i));
        } else {
          one.entry(i, line);
        }
      }
      message.stream(one);
    }
    byte[] body = message.bytes();
    PushDecoder decoder = new PushDecoder(new Streams());
    LogBatch batch = new LogBatch();
    var threads = ManagementFactory.getThreadMXBean();
    for (Discovery discovery :
        List.of(
            new Discovery(LogsConfig.DEFAULT),
            new Discovery(Configs.withoutDiscovery()),
            new Discovery(LogsConfig.DEFAULT))) {
      for (int round = 0; round < 3; round++) {
        long began = threads.getCurrentThreadCpuTime();
        long done = 0;
        while (done < 1L << 30) {
          decoder.decode(body, body.length, discovery, batch);
          batch.clear();
          done += bytes;
        }
        System.out.printf(
            "levels %s: %.2f s of CPU per GB%n",
            discovery.levels(),
            (threads.getCurrentThreadCpuTime() - began) / 1e9 * (1L << 30) / done);
      }
    }
  }
}
