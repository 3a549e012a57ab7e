// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.print;

import static org.assertj.core.api.Assertions.assertThat;

import io.skopos.metrics.language.parse.ParseFailed;
import io.skopos.metrics.language.parse.ParserOptions;
import io.skopos.metrics.language.parse.PromqlParser;
import org.junit.jupiter.api.Test;

class TreeDescriptionTest {

  private final PromqlParser parser = new PromqlParser(ParserOptions.ALL);

  @Test
  void describesEveryKindOfNode() throws ParseFailed {
    assertThat(describe("-topk(5, rate(foo{a=\"b\"}[5m] @ 10 offset 1m)) > bool on (a) (bar)"))
        .isEqualTo(
            "{type=binaryExpr, op=>,"
                + " lhs={type=unaryExpr, op=-, expr={type=aggregation, op=topk,"
                + " expr={type=call, func={name=rate, argTypes=[matrix], variadic=0,"
                + " returnType=vector}, args=[{type=matrixSelector, range=300000, name=foo,"
                + " offset=60000, matchers=[{name=a, value=b, type==}, {name=__name__, value=foo,"
                + " type==}], timestamp=10000, startOrEnd=null, anchored=false, smoothed=false}]},"
                + " param={type=numberLiteral, val=5}, grouping=[], without=false}},"
                + " rhs={type=parenExpr, expr={type=vectorSelector, name=bar, offset=0,"
                + " matchers=[{name=__name__, value=bar, type==}], timestamp=null,"
                + " startOrEnd=null, anchored=false, smoothed=false}},"
                + " matching={card=one-to-one, labels=[a], on=true, include=[],"
                + " fillValues={lhs=null, rhs=null}}, bool=true}");
    assertThat(describe("foo[1h:5m] @ end()"))
        .isEqualTo(
            "{type=subquery, expr={type=vectorSelector, name=foo, offset=0,"
                + " matchers=[{name=__name__, value=foo, type==}], timestamp=null,"
                + " startOrEnd=null, anchored=false, smoothed=false}, range=3600000, offset=0,"
                + " step=300000, timestamp=null, startOrEnd=end}");
    assertThat(describe("\"x\"")).isEqualTo("{type=stringLiteral, val=x}");
  }

  private String describe(String query) throws ParseFailed {
    return TreeDescription.of(parser.parse(query)).toString();
  }
}
