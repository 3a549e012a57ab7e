// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.conformance;

import io.skopos.logs.language.MemoryLogs;
import io.skopos.logs.store.LogBatch;
import io.skopos.logs.store.LogSource;
import io.skopos.logs.store.StoreOnDisk;
import io.skopos.model.TenantId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The entries of scripts, each scenario's those of a tenant. */
final class ScriptLogs implements AutoCloseable {

  private final Map<TestScript.Scenario, TenantId> tenants = new IdentityHashMap<>();
  private final Map<TestScript.Scenario, LogSource> sources = new IdentityHashMap<>();
  private final AutoCloseable opened;

  private ScriptLogs(AutoCloseable opened) {
    this.opened = opened;
  }

  static ScriptLogs inMemory(List<TestScript> scripts, int entriesPerRun, boolean conditional) {
    ScriptLogs logs = new ScriptLogs(() -> {});
    for (TestScript script : scripts) {
      for (TestScript.Scenario scenario : script.scenarios()) {
        MemoryLogs memory = new MemoryLogs(entriesPerRun, conditional);
        scenario.entries().forEach(e -> memory.add(e.stream(), e.timeNs(), e.line(), e.metadata()));
        logs.tenants.put(scenario, TenantId.ANONYMOUS);
        logs.sources.put(scenario, memory);
      }
    }
    return logs;
  }

  /**
   * @param flushes whether entries are put into parts
   */
  static ScriptLogs stored(List<TestScript> scripts, Path folder, boolean flushes)
      throws IOException {
    StoreOnDisk store = new StoreOnDisk(folder);
    ScriptLogs logs = new ScriptLogs(store);
    for (TestScript script : scripts) {
      for (TestScript.Scenario scenario : script.scenarios()) {
        TenantId tenant = new TenantId("scenario-" + logs.tenants.size());
        LogBatch batch = new LogBatch();
        for (TestScript.Load entry : scenario.entries()) {
          batch.entry(batch.stream(entry.stream()), entry.timeNs(), entry.line());
          batch.metadata(entry.metadata());
        }
        if (batch.rows() > 0) {
          store.append(tenant, batch);
        }
        logs.tenants.put(scenario, tenant);
        logs.sources.put(scenario, store.store());
      }
    }
    if (flushes) {
      store.flush();
    }
    return logs;
  }

  TenantId tenant(TestScript.Scenario scenario) {
    return Objects.requireNonNull(tenants.get(scenario));
  }

  LogSource source(TestScript.Scenario scenario) {
    return Objects.requireNonNull(sources.get(scenario));
  }

  @Override
  public void close() throws Exception {
    opened.close();
  }
}
