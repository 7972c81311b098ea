// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/bar_chart.h"

#include <algorithm>
#include <boost/property_tree/ptree.hpp>
#include <boost/property_tree/xml_parser.hpp>
#include <cmath>
#include <cstdio>
#include <sstream>

namespace saef::bench {
namespace {

using boost::property_tree::ptree;

constexpr double kNames = 500;  // how wide the column of names is
constexpr double kBars = 420;
constexpr double kLabels = 170;
constexpr double kHead = 52;
constexpr double kRow = 20;
constexpr double kBarHeight = 12;
constexpr double kLogarithmicFrom = 30;

std::string Number(double value) {
  char text[32];
  std::snprintf(text, sizeof(text), "%.1f", value);
  return text;
}

// Where a value is on the axis, from 0 to 1.
class Axis {
 public:
  explicit Axis(const BarChart& chart) {
    for (const Bar& bar : chart.bars) {
      most_ = std::max({most_, bar.value, bar.high, chart.mark});
      if (bar.value > 0) least_ = least_ > 0 ? std::min(least_, bar.value) : bar.value;
    }
    is_logarithmic_ = least_ > 0 && most_ > kLogarithmicFrom * least_;
    // So that the shortest bar is one.
    least_ /= 2;
  }
  bool is_logarithmic() const { return is_logarithmic_; }
  double operator()(double value) const {
    if (most_ <= 0 || value <= 0) return 0;
    if (!is_logarithmic_) return value / most_;
    return std::clamp(std::log(value / least_) / std::log(most_ / least_), 0.0, 1.0);
  }

 private:
  double least_ = 0;
  double most_ = 0;
  bool is_logarithmic_ = false;
};

std::string_view Colour(Bar::Kind kind) {
  switch (kind) {
    case Bar::Kind::kBaseline:
      return "#b8b8b8";
    case Bar::Kind::kHolds:
      return "#2a8c4a";
    case Bar::Kind::kFails:
      return "#c0392b";
    case Bar::Kind::kFigure:
      break;
  }
  return "#2f6db5";
}

ptree& AddText(ptree& svg, double x, double y, const std::string& text, const char* anchor) {
  ptree& element = svg.add("text", text);
  element.put("<xmlattr>.x", Number(x));
  element.put("<xmlattr>.y", Number(y));
  element.put("<xmlattr>.text-anchor", anchor);
  return element;
}

void AddLine(ptree& svg, double x1, double x2, double y1, double y2, const char* stroke) {
  ptree& line = svg.add("line", "");
  line.put("<xmlattr>.x1", Number(x1));
  line.put("<xmlattr>.x2", Number(x2));
  line.put("<xmlattr>.y1", Number(y1));
  line.put("<xmlattr>.y2", Number(y2));
  line.put("<xmlattr>.stroke", stroke);
}

ptree& AddRectangle(ptree& svg, double x, double y, double width, double height,
                    std::string_view fill) {
  ptree& rectangle = svg.add("rect", "");
  rectangle.put("<xmlattr>.x", Number(x));
  rectangle.put("<xmlattr>.y", Number(y));
  rectangle.put("<xmlattr>.width", Number(width));
  rectangle.put("<xmlattr>.height", Number(height));
  rectangle.put("<xmlattr>.fill", std::string(fill));
  return rectangle;
}

void AddBar(ptree& svg, const Bar& bar, const Axis& axis, double y) {
  const double end = kNames + kBars * axis(bar.value);
  AddText(svg, kNames - 8, y + kBarHeight - 2, bar.name, "end");
  AddRectangle(svg, kNames, y, end - kNames, kBarHeight, Colour(bar.kind));
  double label = end;
  if (bar.low < bar.high) {
    const double high = kNames + kBars * axis(bar.high);
    AddLine(svg, kNames + kBars * axis(bar.low), high, y + kBarHeight / 2, y + kBarHeight / 2,
            "#000000");
    label = std::max(label, high);
  }
  AddText(svg, label + 6, y + kBarHeight - 2, bar.label, "start");
}

}  // namespace

std::string ToSvg(const BarChart& chart) {
  const Axis axis(chart);
  const double width = kNames + kBars + kLabels;
  const double height = kHead + kRow * static_cast<double>(chart.bars.size()) + 12;
  ptree document;
  ptree& svg = document.add("svg", "");
  svg.put("<xmlattr>.xmlns", "http://www.w3.org/2000/svg");
  svg.put("<xmlattr>.viewBox", "0 0 " + Number(width) + " " + Number(height));
  svg.put("<xmlattr>.font-family", "sans-serif");
  svg.put("<xmlattr>.font-size", "11");
  AddRectangle(svg, 0, 0, width, height, "#ffffff");
  AddText(svg, 12, 20, chart.title, "start").put("<xmlattr>.font-size", "15");
  AddText(svg, 12, 38, chart.subtitle + (axis.is_logarithmic() ? "; logarithmic" : ""), "start")
      .put("<xmlattr>.fill", "#555555");
  if (chart.mark > 0) {
    const double x = kNames + kBars * axis(chart.mark);
    AddLine(svg, x, x, kHead - 4, height - 12, "#000000");
  }
  double y = kHead;
  for (const Bar& bar : chart.bars) {
    AddBar(svg, bar, axis, y);
    y += kRow;
  }
  std::ostringstream out;
  boost::property_tree::write_xml(
      out, document, boost::property_tree::xml_writer_make_settings<std::string>(' ', 1));
  return out.str() + "\n";
}

}  // namespace saef::bench
