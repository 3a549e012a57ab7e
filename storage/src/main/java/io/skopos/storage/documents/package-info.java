/**
 * Small versioned documents, keyed by tenant, kind and name: dashboards, silences, leases, tokens,
 * verdicts. Changed only by who has seen the version he changes (If-Match), so nobody overwrites
 * what he has not read (docs/formats/documents.md).
 *
 * <p>What a document says is its kind's business; here it is bytes.
 */
@NullMarked
package io.skopos.storage.documents;

import org.jspecify.annotations.NullMarked;
