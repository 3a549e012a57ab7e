// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * Prometheus' rule files as data: groups of recording and alerting rules, read strictly, everything
 * wrong with a file told at once and with its line. Nothing here evaluates a rule, keeps state or
 * sends alerts; templates are only looked at for whether they can be read.
 */
@NullMarked
package io.skopos.metrics.rules;

import org.jspecify.annotations.NullMarked;
