// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/** How query languages write numbers and strings: as Go does, to the letter. */
@NullMarked
package io.skopos.engine.text;

import org.jspecify.annotations.NullMarked;
