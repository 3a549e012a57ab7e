// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.testkit.disk;

/** What can be asked of a disk and go wrong. */
public enum DiskOperation {
  CREATE,
  APPEND,
  OPEN,
  READ,
  WRITE,
  SYNC,
  RENAME,
  DELETE,
  CREATE_DIRECTORY,
  DELETE_DIRECTORY,
  SYNC_DIRECTORY,
  LIST;

  /** Whether it changes anything on the disk. */
  public boolean changes() {
    return switch (this) {
      case CREATE,
          APPEND,
          WRITE,
          SYNC,
          RENAME,
          DELETE,
          CREATE_DIRECTORY,
          DELETE_DIRECTORY,
          SYNC_DIRECTORY ->
          true;
      case OPEN, READ, LIST -> false;
    };
  }
}
