// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * What happens to a line between its source and the store: {@code pipeline_stages} as Promtail has
 * them. {@link io.skopos.ingest.collect.stage.StageParser} reads a list of stages into {@link
 * io.skopos.ingest.collect.stage.Stages}; each source opens a {@link
 * io.skopos.ingest.collect.stage.StageChain} of its own, since some stages remember lines. Knows
 * nothing of files or sockets.
 */
@NullMarked
package io.skopos.ingest.collect.stage;

import org.jspecify.annotations.NullMarked;
