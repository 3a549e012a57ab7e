// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * Files that grow. One thread ({@link io.skopos.ingest.collect.tail.FileCollector}) looks for files
 * ({@link io.skopos.ingest.collect.tail.FileSearch}), reads what is new of each ({@link
 * io.skopos.ingest.collect.tail.FileReading}, {@link io.skopos.ingest.collect.tail.FollowedFile})
 * and hands it over ({@link io.skopos.ingest.collect.tail.Handover}) to {@link
 * io.skopos.ingest.collect.tail.FileLane}, which stores entries and then writes down how far that
 * is ({@link io.skopos.ingest.collect.tail.FilePosition}). A file is known by device, inode and its
 * content's beginning, so that it may be renamed, copied, cut or replaced: {@link
 * io.skopos.ingest.collect.tail.CopySearch} knows a content again, {@link
 * io.skopos.ingest.collect.tail.LostFiles} remembers those whose file is not known.
 */
@NullMarked
package io.skopos.ingest.collect.tail;

import org.jspecify.annotations.NullMarked;
