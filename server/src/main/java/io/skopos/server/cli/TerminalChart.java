// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.cli;

import java.io.PrintWriter;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;

/** Lines over time in braille dots, 2 × 4 to a character, at most {@link #MAX_LINES} in colours. */
final class TerminalChart {

  private static final int MAX_LINES = 6;
  private static final int[] COLOURS = {36, 33, 35, 32, 34, 31};
  private static final int[][] DOTS = {{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};
  private static final int AXIS_WIDTH = 10;

  private final int columns;
  private final int rows;

  TerminalChart(int width, int rows) {
    this.columns = width - AXIS_WIDTH - 2;
    this.rows = rows;
  }

  void print(List<QueryCommand.Line> lines, PrintWriter out) {
    double fromTime = Double.MAX_VALUE;
    double toTime = -Double.MAX_VALUE;
    double low = Double.MAX_VALUE;
    double high = -Double.MAX_VALUE;
    // The highest lines matter most, and are drawn last, on top of the others.
    List<QueryCommand.Line> drawn =
        lines.stream()
            .sorted(Comparator.comparingDouble(TerminalChart::peak).reversed())
            .limit(MAX_LINES)
            .toList()
            .reversed();
    for (QueryCommand.Line line : drawn) {
      for (double[] point : line.points()) {
        fromTime = Math.min(fromTime, point[0]);
        toTime = Math.max(toTime, point[0]);
        if (Double.isFinite(point[1])) {
          low = Math.min(low, point[1]);
          high = Math.max(high, point[1]);
        }
      }
    }
    if (high < low) {
      return;
    }
    if (high == low) {
      high += Math.max(1e-9, Math.abs(high) * 0.1);
    }
    int[][] cells = new int[rows][columns];
    int[][] colours = new int[rows][columns];
    for (int i = 0; i < drawn.size(); i++) {
      draw(drawn.get(i), COLOURS[i], cells, colours, fromTime, toTime, low, high);
    }
    for (int row = 0; row < rows; row++) {
      String label =
          row == 0
              ? QueryAnswer.shorten(high)
              : row == rows - 1
                  ? QueryAnswer.shorten(low)
                  : row == rows / 2 ? QueryAnswer.shorten((high + low) / 2) : "";
      StringBuilder text = new StringBuilder();
      text.append(" ".repeat(Math.max(0, AXIS_WIDTH - label.length()))).append(label).append(" │");
      for (int column = 0; column < columns; column++) {
        if (cells[row][column] == 0) {
          text.append(' ');
        } else {
          text.append("\u001b[").append(colours[row][column]).append('m');
          text.append((char) (0x2800 + cells[row][column])).append("\u001b[0m");
        }
      }
      out.println(text);
    }
    DateTimeFormatter clock =
        DateTimeFormatter.ofPattern("HH:mm:ss").withZone(ZoneId.systemDefault());
    String begin = clock.format(Instant.ofEpochSecond((long) fromTime));
    String finish = clock.format(Instant.ofEpochSecond((long) toTime));
    out.println(
        " ".repeat(AXIS_WIDTH + 2)
            + begin
            + " ".repeat(Math.max(1, columns - begin.length() - finish.length()))
            + finish);
    for (int i = 0; i < drawn.size(); i++) {
      out.println("\u001b[" + COLOURS[i] + "m──\u001b[0m " + drawn.get(i).name());
    }
    if (lines.size() > drawn.size()) {
      out.println("   (+" + (lines.size() - drawn.size()) + " more series, not drawn)");
    }
    out.println();
  }

  private static double peak(QueryCommand.Line line) {
    double peak = Double.NEGATIVE_INFINITY;
    for (double[] point : line.points()) {
      peak = Double.isNaN(point[1]) ? peak : Math.max(peak, point[1]);
    }
    return peak;
  }

  private void draw(
      QueryCommand.Line line,
      int colour,
      int[][] cells,
      int[][] colours,
      double fromTime,
      double toTime,
      double low,
      double high) {
    int lastX = -1;
    int lastY = -1;
    for (double[] point : line.points()) {
      if (!Double.isFinite(point[1])) {
        lastX = -1;
        continue;
      }
      double across = toTime == fromTime ? 0 : (point[0] - fromTime) / (toTime - fromTime);
      int x = (int) Math.round(across * (columns * 2 - 1));
      int y = (int) Math.round((high - point[1]) / (high - low) * (rows * 4 - 1));
      if (lastX >= 0) {
        int steps = Math.max(Math.abs(x - lastX), Math.abs(y - lastY));
        for (int step = 1; step < steps; step++) {
          dot(
              lastX + (x - lastX) * step / steps,
              lastY + (y - lastY) * step / steps,
              colour,
              cells,
              colours);
        }
      }
      dot(x, y, colour, cells, colours);
      lastX = x;
      lastY = y;
    }
  }

  private static void dot(int x, int y, int colour, int[][] cells, int[][] colours) {
    cells[y / 4][x / 2] |= DOTS[y % 4][x % 2];
    colours[y / 4][x / 2] = colour;
  }
}
