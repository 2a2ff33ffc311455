// SPDX-License-Identifier: BSL-1.0
#include "report.hpp"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <set>

namespace bench {

namespace {

char const* name_of(kind what) { return what == kind::attention ? "attention" : "layer"; }

template <class... Values>
std::string format(char const* how, Values... values) {
  char text[160];
  std::snprintf(text, sizeof text, how, values...);
  return text;
}

void print_cells(std::vector<std::string> const& cells) {
  for (std::string const& cell : cells) std::printf("| %s ", cell.c_str());
  std::puts("|");
  std::fflush(stdout);
}

void print_rule(std::size_t columns) { print_cells(std::vector<std::string>(columns, "---")); }

double best_of(comparison const& c) {
  double best = 0;
  for (measurement const& m : c.by)
    if (m.why_not.empty() && (best == 0 || m.time.middle < best)) best = m.time.middle;
  return best;
}

}  // namespace

double comparison::limit() const {
  return std::max(2 * of.multiply_adds(what) / flops + of.scores() / exps, of.bytes(what) / bandwidth);
}

void print_head(kind what, std::size_t threads, std::vector<std::string> const& peers) {
  std::printf("\n%s, %zu thread%s, %s\n\n", what == kind::attention ? "Attention" : "Layer", threads, threads == 1 ? "" : "s",
              threads == 1 ? "processor time" : "wall clock");
  std::vector<std::string> cells = {"", "B, Tq x Tk, H x d", "Conform, ms", "limit, ms", "Conform / limit"};
  for (std::size_t i = 1; i < peers.size(); ++i) cells.push_back(peers[i] + " / Conform");
  cells.push_back("difference");
  print_cells(cells);
  print_rule(cells.size());
}

void print_line(comparison const& c) {
  measurement const& own = c.by[0];
  double difference = 0;
  std::vector<std::string> cells = {c.of.name, c.of.shape(), "", format("%.4g", c.limit() * 1e3), "-"};
  if (own.why_not.empty()) {
    cells[2] = format("%.4g (%.4g to %.4g)", own.time.middle * 1e3, own.time.low * 1e3, own.time.high * 1e3);
    cells[4] = format("%.2f", own.time.middle / c.limit());
    difference = own.difference;
  } else {
    cells[2] = "not run";
  }
  for (std::size_t i = 1; i < c.by.size(); ++i) {
    measurement const& m = c.by[i];
    if (!m.why_not.empty()) {
      cells.push_back("-");
    } else {
      difference = std::max(difference, m.difference);
      cells.push_back(own.why_not.empty() ? format("%.2f", m.time.middle / own.time.middle)
                                          : format("%.4g ms", m.time.middle * 1e3));
      if (m.wrong()) cells.back() += " WRONG";
    }
  }
  cells.push_back(format("%.1e", difference));
  print_cells(cells);
}

void print_memory(std::vector<comparison> const& all) {
  if (all.empty()) return;
  std::printf("\nThe machine meanwhile, and memory at the most beyond the inputs, MiB\n\n");
  std::vector<std::string> cells = {"", "kernel, GFLOP/s", "exp, G/s", "read, GB/s"};
  for (measurement const& m : all[0].by) cells.push_back(m.peer);
  print_cells(cells);
  print_rule(cells.size());
  std::set<std::string> reasons;
  for (comparison const& c : all) {
    cells = {c.of.name, format("%.0f", c.flops * 1e-9), format("%.2f", c.exps * 1e-9), format("%.0f", c.bandwidth * 1e-9)};
    for (measurement const& m : c.by) {
      cells.push_back(m.memory == 0 ? "-" : format("%.1f", static_cast<double>(m.memory) / (1 << 20)));
      if (!m.why_not.empty()) reasons.insert(m.peer + ": " + m.why_not);
    }
    print_cells(cells);
  }
  if (!reasons.empty()) std::puts("\nNot run:\n");
  for (std::string const& reason : reasons) std::printf("- %s\n", reason.c_str());
}

void write_csv(std::vector<comparison> const& all, std::string const& file) {
  std::ofstream out(file);
  out << "kind,threads,workload,batch,queries,keys,heads,depth,causal,peer,not_run,ms,ms_lower_quartile,ms_upper_quartile,"
         "per_conform,limit_ms,per_limit,difference,memory_bytes,kernel_gflops,exp_per_ns,read_gb_per_s\n";
  for (comparison const& c : all)
    for (measurement const& m : c.by) {
      workload const& w = c.of;
      out << name_of(c.what) << ',' << c.threads << ',' << w.name << ',' << w.batch << ',' << w.tokens << ',' << w.keys << ','
          << w.heads << ',' << w.depth << ',' << (w.causal ? "yes" : "no") << ",\"" << m.peer << "\",\"" << m.why_not << "\",";
      if (m.why_not.empty())
        out << format("%.6g,%.6g,%.6g,", m.time.middle * 1e3, m.time.low * 1e3, m.time.high * 1e3)
            << (c.by[0].why_not.empty() ? format("%.4g", m.time.middle / c.by[0].time.middle) : "")
            << format(",%.6g,%.4g,%.2e,", c.limit() * 1e3, m.time.middle / c.limit(), m.difference)
            << (m.memory == 0 ? "" : std::to_string(m.memory));
      else
        out << format(",,,,%.6g,,,", c.limit() * 1e3);
      out << format(",%.4g,%.4g,%.4g\n", c.flops * 1e-9, c.exps * 1e-9, c.bandwidth * 1e-9);
    }
}

void write_svg(std::vector<comparison> const& all, std::string const& file) {
  if (all.empty()) return;
  // A group of bars for each workload, a row of groups for each kind and number of threads. What is longer than `most` is cut,
  // with its number in the bar.
  constexpr double most = 4, height = 120, bar = 9, gap = 14, left = 40, top = 46, row_height = height + 64,
                   name = 150;
  static char const* const colours[] = {"#c0392b", "#e8a09a", "#2c6fbb", "#3a9d5d", "#8e5bb0", "#d68910", "#7f8c8d"};
  std::size_t const peers = all[0].by.size();
  double const group = static_cast<double>(peers) * bar + gap;
  std::vector<std::vector<comparison const*>> rows;
  for (comparison const& c : all) {
    if (rows.empty() || rows.back()[0]->what != c.what || rows.back()[0]->threads != c.threads) rows.emplace_back();
    rows.back().push_back(&c);
  }
  std::size_t longest = 0;
  for (auto const& row : rows) longest = std::max(longest, row.size());
  double const width = std::max(left + group * static_cast<double>(longest) + 20, left + name * static_cast<double>(peers));
  std::ofstream out(file);
  out << format("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %.0f %.0f\" ", width,
                top + row_height * static_cast<double>(rows.size()))
      << "font-family=\"sans-serif\" font-size=\"11\">\n"
      << "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n";
  for (std::size_t i = 0; i < peers; ++i) {
    double const x = left + name * static_cast<double>(i);
    out << format("<rect x=\"%.0f\" y=\"10\" width=\"10\" height=\"10\" fill=\"%s\"/>", x, colours[i % std::size(colours)])
        << format("<text x=\"%.0f\" y=\"19\">", x + 14) << all[0].by[i].peer << "</text>\n";
  }
  for (std::size_t r = 0; r < rows.size(); ++r) {
    double const base = top + row_height * static_cast<double>(r) + height + 20;
    out << format("<text x=\"%.0f\" y=\"%.0f\" font-weight=\"bold\">%s, %zu thread%s: time / least time</text>\n", left,
                  base - height - 10, name_of(rows[r][0]->what), rows[r][0]->threads, rows[r][0]->threads == 1 ? "" : "s");
    for (int value = 0; value <= static_cast<int>(most); ++value) {
      double const y = base - height * value / most;
      out << format("<line x1=\"%.0f\" x2=\"%.0f\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#ddd\"/>", left, width - 10, y, y)
          << format("<text x=\"%.0f\" y=\"%.1f\" text-anchor=\"end\">%d</text>\n", left - 5, y + 4, value);
    }
    for (std::size_t g = 0; g < rows[r].size(); ++g) {
      comparison const& c = *rows[r][g];
      double const best = best_of(c), first = left + gap / 2 + group * static_cast<double>(g);
      for (std::size_t i = 0; i < c.by.size(); ++i) {
        if (!c.by[i].why_not.empty()) continue;
        double const ratio = c.by[i].time.middle / best, tall = height * std::min(ratio, most) / most;
        double const x = first + bar * static_cast<double>(i);
        out << format("<rect x=\"%.1f\" y=\"%.1f\" width=\"%.0f\" height=\"%.1f\" ", x, base - tall, bar - 1, tall)
            << format("fill=\"%s\"/>\n", colours[i % std::size(colours)]);
        if (ratio > most)
          out << format("<text transform=\"translate(%.1f,%.1f) rotate(-90)\" ", x + 7, base - 4)
              << format("fill=\"white\" font-size=\"8\">%.1f</text>\n", ratio);
      }
      out << format("<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">%s</text>\n", first + (group - gap) / 2, base + 14,
                    c.of.name.c_str());
    }
  }
  out << "</svg>\n";
}

}  // namespace bench
