/**
 * Targets in a Kubernetes cluster ({@code kubernetes_sd_configs}): {@link
 * io.skopos.ingest.discovery.kubernetes.ObjectWatch} keeps objects of one kind by list and watch,
 * {@code *Targets} make target groups with {@code __meta_kubernetes_*} labels of them, {@link
 * io.skopos.ingest.discovery.kubernetes.ClusterAccess} knows the way to the API server. Of an
 * object only what labels need is kept.
 */
@NullMarked
package io.skopos.ingest.discovery.kubernetes;

import org.jspecify.annotations.NullMarked;
