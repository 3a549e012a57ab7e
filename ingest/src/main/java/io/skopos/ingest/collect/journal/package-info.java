// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * systemd's journal. {@link io.skopos.ingest.collect.journal.JournalFollower} runs {@code
 * journalctl}, which prints the export format that {@link
 * io.skopos.ingest.collect.journal.ExportReader} reads, and keeps the cursor of what is stored.
 */
@NullMarked
package io.skopos.ingest.collect.journal;

import org.jspecify.annotations.NullMarked;
