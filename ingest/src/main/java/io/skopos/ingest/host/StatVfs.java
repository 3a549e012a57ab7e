// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.host;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * {@code statvfs(3)} of 64-bit Linux, for the numbers of inodes, which Java's file stores do not
 * tell. All of its first fields are 64 bits wide, in glibc and in musl.
 */
record StatVfs(
    long blockBytes, long blocks, long free, long available, long files, long filesFree) {

  private static final int STRUCT_BYTES = 256;

  private static final StructLayout ERRNO = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO_VALUE =
      ERRNO.varHandle(StructLayout.PathElement.groupElement("errno"));
  private static final MethodHandle STATVFS =
      Linker.nativeLinker()
          .downcallHandle(
              Linker.nativeLinker().defaultLookup().findOrThrow("statvfs"),
              FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS),
              Linker.Option.captureCallState("errno"));

  /** May wait for as long as a dead network file system keeps it waiting. */
  static StatVfs of(String path) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment result = arena.allocate(STRUCT_BYTES, 8);
      MemorySegment errno = arena.allocate(ERRNO);
      int code = (int) STATVFS.invokeExact(errno, arena.allocateFrom(path), result);
      if (code != 0) {
        int number = (int) ERRNO_VALUE.get(errno, 0L);
        throw new IOException("statvfs of '" + path + "' failed with errno " + number);
      }
      return new StatVfs(
          field(result, 1),
          field(result, 2),
          field(result, 3),
          field(result, 4),
          field(result, 5),
          field(result, 6));
    } catch (IOException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("statvfs throws nothing", e);
    }
  }

  private static long field(MemorySegment result, int index) {
    return result.get(ValueLayout.JAVA_LONG, index * 8L);
  }
}
