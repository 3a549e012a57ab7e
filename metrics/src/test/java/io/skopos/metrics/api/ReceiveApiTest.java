// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.skopos.storage.WriteRefused;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Line protocols over HTTP: what is kept, what is answered, and what clients ask first. */
class ReceiveApiTest {

  private ApiServer server;

  @BeforeEach
  void start() throws Exception {
    server = new ApiServer();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private HttpResponse<String> post(String path, String body) throws Exception {
    return server.send(server.request(path).POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  private String export() throws Exception {
    return server.send(server.request("/api/v1/export?match[]=%7B__name__!=%22%22%7D")).body();
  }

  @Test
  void influxKeepsGoodLinesAndNamesBadOnes() throws Exception {
    HttpResponse<String> response =
        post(
            "/api/v2/write?bucket=b&precision=s&extra_label=dc=x",
            """
            # a comment
            cpu\\ load,host=a\\,b,empty= usage=0.5,count=3i,up=t,text="no, number",num="7" 100

            cpu,db=mine value=1 100
            cpu value
            cpu value=abc 100
            cpu value=1 never
            ,t=x v=2u 100
            """);
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body())
        .contains("partial write: kept 6 rows, refused 3; first reasons: line 5: the field 'value'")
        .contains("line 6: the value of field 'value' is no number, boolean or string: 'abc'")
        .contains("line 7: the timestamp 'never'");
    assertThat(response.headers().firstValue("X-Influxdb-Version")).isPresent();
    assertThat(export().lines())
        .containsExactlyInAnyOrder(
            line("cpu load_count", "\"db\":\"b\",\"dc\":\"x\",\"host\":\"a,b\"", "3"),
            line("cpu load_num", "\"db\":\"b\",\"dc\":\"x\",\"host\":\"a,b\"", "7"),
            line("cpu load_up", "\"db\":\"b\",\"dc\":\"x\",\"host\":\"a,b\"", "1"),
            line("cpu load_usage", "\"db\":\"b\",\"dc\":\"x\",\"host\":\"a,b\"", "0.5"),
            line("cpu_value", "\"db\":\"mine\",\"dc\":\"x\"", "1"),
            line("v", "\"db\":\"b\",\"dc\":\"x\",\"t\":\"x\"", "2"));
    assertThat(server.send(server.request("/api/v1/write?x").GET()).statusCode()).isEqualTo(405);
    assertThat(post("/write?precision=d", "a b=1").statusCode()).isEqualTo(400);
  }

  private static String line(String name, String labels, String value) {
    return "{\"metric\":{\"__name__\":\""
        + name
        + "\","
        + labels
        + "},\"values\":["
        + value
        + "],\"timestamps\":[100000]}";
  }

  @Test
  void influxClientsFindWhatTheyAskFor() throws Exception {
    assertThat(server.send(server.request("/ping")).statusCode()).isEqualTo(204);
    assertThat(server.send(server.request("/influx/health")).body()).contains("\"pass\"");
    HttpResponse<String> created =
        server.send(
            server
                .request("/query")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("q=CREATE+DATABASE+%22telegraf%22")));
    assertThat(created.statusCode()).isEqualTo(200);
    assertThat(created.body()).isEqualTo("{\"results\":[{\"statement_id\":0}]}");
    assertThat(server.send(server.request("/influx/query?q=show%20databases")).body())
        .contains("\"columns\":[\"name\"]");
    assertThat(server.send(server.request("/influx/query?q=SELECT%201")).statusCode())
        .isEqualTo(400);
  }

  @Test
  void openTsdbCountsAndNamesBadPoints() throws Exception {
    String body =
        """
        [{"metric":"a","timestamp":1700000000,"value":"1.5","tags":{"h":"x"}},
         {"metric":"a","timestamp":1700000000123,"value":2,"tags":{"h":"x","n":3}},
         {"metric":"","timestamp":1,"value":2},
         {"metric":"b","timestamp":"x","value":2,"tags":{}},
         7]
        """;
    assertThat(post("/api/put?summary", body).body()).isEqualTo("{\"success\":2,\"failed\":3}");
    HttpResponse<String> details = post("/opentsdb/api/put?details", body);
    assertThat(details.statusCode()).isEqualTo(400);
    assertThat(details.body())
        .contains("{\"datapoint\":3,\"error\":\"it has no metric\"}")
        .contains("{\"datapoint\":4,\"error\":\"its timestamp is missing or no number\"}");
    assertThat(post("/api/put", body).body()).contains("One or more data points had errors");
    assertThat(post("/api/put", "{").body()).contains("malformed JSON at line 1");
    assertThat(export().lines())
        .containsExactlyInAnyOrder(
            "{\"metric\":{\"__name__\":\"a\",\"h\":\"x\"},\"values\":[1.5],"
                + "\"timestamps\":[1700000000000]}",
            "{\"metric\":{\"__name__\":\"a\",\"h\":\"x\",\"n\":\"3\"},\"values\":[2],"
                + "\"timestamps\":[1700000000123]}");
  }

  @Test
  void csvReadsQuotesAndLayouts() throws Exception {
    String format =
        "1:label:city,3:metric:temperature,4:metric:humidity,"
            + "2:time:custom:2006-01-02%2015:04:05.000";
    HttpResponse<String> response =
        post(
            "/api/v1/import/csv?format=" + format,
            "\"New \"\"York\"\", NY\",2024-02-29 01:02:03.004,1.5,\r\n"
                + "Rome,2024-02-29 01:02:03.005,2,60\n"
                + "Oslo,yesterday,1,1\n"
                + "Bonn,2024-02-29 01:02:03.005,x,\n"
                + "short\n"
                + "\"open,1,2,3");
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body())
        .startsWith("kept 3 rows, refused 4; first reasons: line 3: the time 'yesterday'")
        .contains("line 4: column 3 is no number: 'x'")
        .contains("line 5: it has 1 columns, the format names column 4")
        .contains("line 6: a quoted column has no end");
    HttpResponse<String> exported =
        server.send(
            server.request(
                "/api/v1/export/csv?match[]=temperature"
                    + "&format=city,__value__,__timestamp__:rfc3339"));
    assertThat(exported.body().lines())
        .containsExactlyInAnyOrder(
            "\"New \"\"York\"\", NY\",1.5,2024-02-29T01:02:03.004Z",
            "Rome,2,2024-02-29T01:02:03.005Z");
    assertThat(post("/api/v1/import/csv?format=1:metric", "1").body())
        .contains("is not of the form position:type:context");
  }

  @Test
  void whatIsExportedIsImportedTheSame() throws Exception {
    String lines =
        """
        {"metric":{"__name__":"m","a":"é\\n"},"values":[1,null,"NaN","Infinity",-0.5],"timestamps":[1000,2000,3000,4000,5000]}
        """;
    assertThat(post("/api/v1/import", lines).statusCode()).isEqualTo(204);
    assertThat(export()).isEqualTo(lines);
    HttpResponse<String> bad =
        post(
            "/api/v1/import",
            """
            {"metric":{"__name__":"m"},"values":[1],"timestamps":[]}
            nonsense
            {"metric":{"a":"b"},"values":[1],"timestamps":[1]}
            {"metric":{"__name__":"n"},"values":[1],"timestamps":[99999999999999999]}
            """);
    assertThat(bad.statusCode()).isEqualTo(400);
    assertThat(bad.body())
        .contains("line 1: it has 1 values and 0 timestamps", "line 2: malformed JSON")
        .contains("line 3: it has no label __name__", "line 4: its time is not in the years");
    assertThat(
            server
                .send(server.request("/api/v1/export?match=m&start=2&end=3&max_rows_per_line=1"))
                .body()
                .lines())
        .hasSize(2);
  }

  @Test
  void aRefusedAppendIsSaidAndCounted() throws Exception {
    server.intake.failure = new WriteRefused(429, "too fast");
    HttpResponse<String> response = post("/write", "a b=1");
    assertThat(response.statusCode()).isEqualTo(429);
    assertThat(response.body()).contains("too fast");
    assertThat(response.headers().firstValue("Retry-After")).isPresent();
  }
}
