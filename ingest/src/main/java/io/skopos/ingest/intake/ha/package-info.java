/**
 * Replicas that send the same samples, and which of them is kept: {@link
 * io.skopos.ingest.intake.ha.Deduplication} takes the leader's series out of a batch and removes
 * the label that tells replicas apart; {@link io.skopos.ingest.intake.ha.Elections} knows the
 * leaders and writes them down as documents of their tenants.
 */
@NullMarked
package io.skopos.ingest.intake.ha;

import org.jspecify.annotations.NullMarked;
