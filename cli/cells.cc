#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <string>

#include "eddy/cell.h"
#include "output.h"
#include "verbs.h"

namespace eddy {
namespace {

// The columns have fixed widths, so that a cell's line does not depend on the others.
constexpr const char* kRow = "{:<17}{:<9}{:<7}{:<7}{:>8}  {:<6}{:>8}{:>9}{:>5}  {}";

void PrintTable() {
  PrintLine(
      fmt::format(kRow, "cell", "gates", "states", "params", "products", "linear", "forward", "backward", "kept", "name"));
  for (const CellType* cell : Cells()) {
    const CellInfo& info = InfoOf(*cell);
    const CellFacts facts = FactsOf(*cell);
    PrintLine(fmt::format(kRow, CellName(*cell), info.gates, info.states, info.params.empty() ? "-" : info.params,
                          facts.products, facts.linear ? "yes" : "no", facts.forward_operations, facts.backward_operations,
                          facts.kept, info.title));
  }
  PrintLine(
      "\nproducts: that depend on the hidden state, a step; linear: run as a scan; forward, backward: operations a unit "
      "and\n"
      "step besides the products; kept: values a unit and step that the backward reads. \"eddy cells NAME\" tells all of a "
      "cell.");
}

std::string Indented(std::string_view lines) {
  std::string out = "  ";
  for (const char c : lines) {
    out += c;
    if (c == '\n') out += "  ";
  }
  return out;
}

// The name of gate number `index` in "i f g o".
std::string_view GateName(std::string_view gates, int index) {
  for (; index > 0; --index) gates.remove_prefix(gates.find(' ') + 1);
  return gates.substr(0, gates.find(' '));
}

std::string Biases(const CellInfo& info, const CellFacts& facts) {
  std::string text = facts.recurrent_bias  ? "b [G*H] of W x, and c [G*H] of U h, which is not merely added to W x"
                     : facts.products == 0 ? "b [G*H], one a gate"
                                           : "b [G*H], one a gate, of W x and U h together";
  if (info.forget_gate >= 0) {
    text += fmt::format("; gate {} starts at the forget bias (1 unless told), the others at 0",
                        GateName(info.gates, info.forget_gate));
  } else {
    text += "; they start at 0";
  }
  return text;
}

std::string ParamStart(const CellInfo& info) {
  if (info.param_low == info.param_high) return fmt::format("they start at {}", info.param_low);
  return fmt::format("they start between {} and {}", info.param_low, info.param_high);
}

std::string Products(const CellFacts& facts) {
  switch (facts.products) {
    case 0:
      return "none: no weights multiply the hidden state";
    case 1:
      return facts.recurrent_bias ? "one a step, U h; where a gate multiplies it, it does so after the product (reset after)"
                                  : "one a step, U h";
    default:
      return "two a step, the second of what the first gates make of h (reset before the product)";
  }
}

void PrintCell(const CellType& cell) {
  const CellInfo& info = InfoOf(cell);
  const CellFacts facts = FactsOf(cell);
  PrintLine(fmt::format("{}: {}\n{}\n\n{}\n", CellName(cell), info.title, info.paper, Indented(info.equations)));
  const auto row = [](const char* name, std::string_view value) { PrintLine(fmt::format("{:<10} {}", name, value)); };
  row("gates", fmt::format("{} (the order of the rows of W, U and b)", info.gates));
  row("states", fmt::format("{} (the first recurs and is put out)", info.states));
  if (!info.params.empty()) row("params", fmt::format("{}, one a unit; {}", info.params, ParamStart(info)));
  row("products", Products(facts));
  row("biases", Biases(info, facts));
  if (facts.products > 0) {
    row("start", info.identity_recurrent ? "U is the identity" : "U is orthogonal, gate by gate");
  }
  row("linear", facts.linear ? "yes: run as a scan over time" : "no");
  row("operations", fmt::format("{} forward, {} backward, a unit and step; {} {} kept in between", facts.forward_operations,
                                facts.backward_operations, facts.kept, facts.kept == 1 ? "value" : "values"));
  row("elsewhere", info.elsewhere);
}

}  // namespace

void AddCells(CLI::App& app) {
  CLI::App& verb = *app.add_subcommand("cells", "List the recurrent cells, or tell all about one");
  auto name = std::make_shared<std::string>();
  verb.add_option("NAME", *name, "a cell, for its equations, conventions and paper");
  verb.footer(R"(Examples:
  eddy cells
  eddy cells gru)");
  verb.callback([name] { name->empty() ? PrintTable() : PrintCell(FindCell(*name)); });
}

}  // namespace eddy
