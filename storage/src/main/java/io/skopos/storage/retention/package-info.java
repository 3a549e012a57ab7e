// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * What is dropped: whole days, by age per signal and by total size, oldest first. A write older
 * than {@link io.skopos.storage.retention.Retention#oldestKeptMs} is refused by the intake.
 */
@NullMarked
package io.skopos.storage.retention;

import org.jspecify.annotations.NullMarked;
