// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * Syslog over the network. {@link io.skopos.ingest.collect.syslog.SyslogListener} takes connections
 * and datagrams, {@link io.skopos.ingest.collect.syslog.SyslogFrames} cuts a stream into messages,
 * and {@link io.skopos.ingest.collect.syslog.SyslogMessage} reads what one says, in the form of RFC
 * 5424 or RFC 3164.
 */
@NullMarked
package io.skopos.ingest.collect.syslog;

import org.jspecify.annotations.NullMarked;
