// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * How container runtimes lay out what containers print: the lines of Docker's json-file driver
 * ({@link io.skopos.ingest.collect.container.DockerLine}) and of the container runtime interface
 * ({@link io.skopos.ingest.collect.container.CriLine}), long lines broken into parts ({@link
 * io.skopos.ingest.collect.container.PartialLines}), and what paths tell about a container. Reads
 * bytes; knows nothing of how files are followed.
 */
@NullMarked
package io.skopos.ingest.collect.container;

import org.jspecify.annotations.NullMarked;
