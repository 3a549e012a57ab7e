// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * Backups of a data directory in an object store, and the way back. {@link
 * io.skopos.server.backup.Backup} copies what is not there yet, {@link
 * io.skopos.server.backup.Restore} makes a directory of it again; both can be broken off and go on.
 * What is where says {@code docs/formats/backup.md}.
 *
 * <p>Nothing here knows what the files mean, but for two things: parts never change, and a
 * directory without its file {@code format} is none yet.
 */
@NullMarked
package io.skopos.server.backup;

import org.jspecify.annotations.NullMarked;
