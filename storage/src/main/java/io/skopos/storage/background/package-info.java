// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/** Work that may wait: merges, retention. One bounded pool of threads of low priority. */
@NullMarked
package io.skopos.storage.background;

import org.jspecify.annotations.NullMarked;
