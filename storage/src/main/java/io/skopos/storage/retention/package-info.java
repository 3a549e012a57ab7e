// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * What is dropped: whole days, by age per signal and by total size, oldest first. A write older
 * than {@link io.skopos.storage.retention.Retention#oldestKeptMs} is refused by the intake. Rules
 * keep some series and streams for another time: what is older is hidden from answers at once, and
 * deleted once its day is over ({@link io.skopos.storage.retention.SelectorRetention}).
 */
@NullMarked
package io.skopos.storage.retention;

import org.jspecify.annotations.NullMarked;
