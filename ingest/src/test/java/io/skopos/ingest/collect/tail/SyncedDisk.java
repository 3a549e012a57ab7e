// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect.tail;

import io.skopos.storage.disk.Disk;
import io.skopos.storage.disk.DiskWriter;
import io.skopos.storage.disk.RealDisk;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/** The real disk, which says when something of it became durable. */
final class SyncedDisk {

  private SyncedDisk() {}

  static Disk create(Runnable synced) {
    return proxy(Disk.class, new RealDisk(), synced);
  }

  private static <T> T proxy(Class<T> type, T real, Runnable synced) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (_, method, arguments) -> {
              Object result;
              try {
                result = method.invoke(real, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
              if (method.getName().equals("sync")) {
                synced.run();
              }
              return result instanceof DiskWriter writer
                  ? proxy(DiskWriter.class, writer, synced)
                  : result;
            }));
  }
}
