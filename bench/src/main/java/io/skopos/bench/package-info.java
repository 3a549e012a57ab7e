// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0

/**
 * Programs that measure more than one kernel. The benchmark of one kernel stands in this module
 * under the kernel's own package, so that it reaches what only its package sees, and is named after
 * it: {@code BitPacking} is measured by {@code BitPackingBenchmark}. That a fast kernel is right is
 * not shown here but by the tests of its own module, against a plain twin.
 */
@NullMarked
package io.skopos.bench;

import org.jspecify.annotations.NullMarked;
