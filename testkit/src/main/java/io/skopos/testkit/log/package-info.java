// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * What every {@link io.skopos.storage.log.IngestLog} has to pass: {@link
 * io.skopos.testkit.log.IngestLogContract} is subclassed in a few lines per implementation.
 */
@NullMarked
package io.skopos.testkit.log;

import org.jspecify.annotations.NullMarked;
