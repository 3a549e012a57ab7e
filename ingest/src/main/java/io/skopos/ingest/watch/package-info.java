// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * Directories that are watched for changes: {@link io.skopos.ingest.watch.DirectoryWatch} tells
 * where something happened and, since not every file system does, when it is time to look. Knows
 * nothing of what the files mean.
 */
@NullMarked
package io.skopos.ingest.watch;

import org.jspecify.annotations.NullMarked;
