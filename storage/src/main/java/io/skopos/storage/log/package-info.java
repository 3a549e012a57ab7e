// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * What alone makes a write durable. {@link io.skopos.storage.log.IngestLog} takes frames, makes
 * them durable as a group, and hands them over in the order of their positions; after a restart it
 * hands over again what is not yet in parts. {@link io.skopos.storage.log.FileIngestLog} is the
 * embedded one: a sequence of segment files (docs/formats/ingest-log.md).
 *
 * <p>Nothing here knows what a frame's payload means, and nothing here decides whether a write is
 * allowed: that came before.
 */
@NullMarked
package io.skopos.storage.log;

import org.jspecify.annotations.NullMarked;
