// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.receive;

import io.skopos.storage.Intake;
import io.skopos.web.ErrorShape;
import io.skopos.web.Routes;
import io.skopos.web.access.Right;
import io.skopos.web.receive.Receipts;
import java.time.InstantSource;

/** The HTTP endpoints that take rows of other systems' protocols. Thread-safe. */
public final class ReceiveApi {

  private final InfluxEndpoint influx;
  private final OpenTsdbEndpoint openTsdb;
  private final ImportEndpoints imports;

  public ReceiveApi(Intake intake, Receipts receipts, InstantSource clock) {
    influx = new InfluxEndpoint(intake, receipts, clock);
    openTsdb = new OpenTsdbEndpoint(intake, receipts);
    imports = new ImportEndpoints(intake, receipts, clock);
  }

  public void register(Routes routes) {
    influx.register(routes);
    Routes.Family text = routes.family(ErrorShape.PLAIN_TEXT, Right.WRITE);
    openTsdb.register(text);
    imports.register(text);
  }
}
