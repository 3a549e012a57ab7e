// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * Moving samples in and out of a server from the command line: {@link
 * io.skopos.server.cli.transfer.BlockImport} and {@link io.skopos.server.cli.transfer.TextImport}
 * read files and push them by remote write, {@link io.skopos.server.cli.transfer.SeriesExport}
 * streams series out of the server into blocks, text or another receiver. Both show their progress
 * and, through a {@link io.skopos.server.cli.transfer.StateFile}, go on where they were broken off.
 */
@NullMarked
package io.skopos.server.cli.transfer;

import org.jspecify.annotations.NullMarked;
