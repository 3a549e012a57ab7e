/**
 * The one way in, with its limits: {@link io.skopos.ingest.intake.LimitedIntake} drops what
 * replicas sent twice, checks a batch against its tenant's limits, encodes it as frames and writes
 * them to the ground. Everything that can refuse a write is here, before the log; each refusal
 * names its limit, the limit's value and what was sent.
 */
@NullMarked
package io.skopos.ingest.intake;

import org.jspecify.annotations.NullMarked;
