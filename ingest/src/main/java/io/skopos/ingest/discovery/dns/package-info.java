/**
 * Targets that records of DNS name ({@code dns_sd_configs}): a small client that asks the servers
 * of {@code /etc/resolv.conf} for SRV, A, AAAA, MX and NS records, which the JDK's resolver cannot.
 * No caching: the servers do that.
 */
@NullMarked
package io.skopos.ingest.discovery.dns;

import org.jspecify.annotations.NullMarked;
