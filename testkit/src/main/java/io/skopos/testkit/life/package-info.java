// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * Lives of a whole ground with a wing's store on it, on a disk that is made to fail, lose power,
 * fill up or flip bits: {@code StoreLife} is one process, {@code LifeScript} what happens in it,
 * {@code ExpectedRows} what must be there afterwards, {@code LifeWing} what is the wing's own. A
 * wing extends each contract with a test of a few lines.
 */
@NullMarked
package io.skopos.testkit.life;

import org.jspecify.annotations.NullMarked;
