// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * Files that grow. {@link io.skopos.ingest.collect.tail.FileCollector} looks for files ({@link
 * io.skopos.ingest.collect.tail.Glob}), reads what is new of each ({@link
 * io.skopos.ingest.collect.tail.FollowedFile}) and hands parcels of entries to {@link
 * io.skopos.ingest.collect.tail.FileLane}, which stores them and then writes down how far that is
 * ({@link io.skopos.ingest.collect.tail.FilePosition}). A file is known by device, inode and its
 * content's beginning, so that it may be renamed, copied, cut or replaced. One thread reads all.
 */
@NullMarked
package io.skopos.ingest.collect.tail;

import org.jspecify.annotations.NullMarked;
