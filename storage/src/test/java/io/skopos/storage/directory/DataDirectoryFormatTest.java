// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.directory;

import io.skopos.storage.Sharding;
import io.skopos.storage.WorkedExample;
import java.io.IOException;
import org.junit.jupiter.api.Test;

final class DataDirectoryFormatTest {

  @Test
  void theWorkedExampleIsTrue() throws IOException {
    String sharding =
        DataDirectory.lines(new Sharding(16, 0x0123456789abcdefL, 0xfedcba9876543210L));
    WorkedExample.checkText(
        "data-directory.md",
        "$ cat format\n"
            + TwinFile.sealed(DataDirectory.formatLine())
            + "$ cat sharding\n"
            + TwinFile.sealed(sharding)
            + "$ cat epoch\n"
            + TwinFile.sealed("epoch 3\n")
            + "$ cat owner\n"
            + "process 4711 since 2026-01-31T08:00:00Z, listening on 127.0.0.1:4900\n");
  }
}
