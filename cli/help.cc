#include "help.h"

#include <fmt/format.h>

namespace eddy {
namespace {

constexpr size_t kColumn = 30;  // where descriptions begin

std::string PositionalUsage(const CLI::Option& option) {
  const std::string name = option.get_name(true, false) + (option.get_expected_max() > 1 ? "..." : "");
  return option.get_required() ? name : "[" + name + "]";
}

// "-o, --output MODEL", or "    --hidden N" so that long names stand below each other.
std::string OptionNames(const CLI::Option& option) {
  std::string names;
  for (const std::string& name : option.get_snames()) names += "-" + name + ", ";
  if (names.empty()) names = "    ";
  for (const std::string& name : option.get_lnames()) names += "--" + name + ", ";
  names.resize(names.size() - 2);
  const bool takes_value = option.get_type_size() != 0;
  return takes_value ? names + " " + option.get_type_name() : names;
}

// Strips the "\n\n" that the base class leaves where nothing is shown.
std::string OneBlankLineAtMost(std::string text) {
  for (size_t at; (at = text.find("\n\n\n")) != std::string::npos;) text.erase(at, 1);
  while (text.ends_with("\n\n")) text.pop_back();
  return text;
}

}  // namespace

HelpFormatter::HelpFormatter() { column_width(kColumn); }

std::string HelpFormatter::make_usage(const CLI::App* app, std::string name) const {
  std::string usage = "\nUsage: " + name;
  if (!app->get_subcommands([](const CLI::App*) { return true; }).empty()) return usage + " VERB ...\n";
  for (const CLI::Option* option : app->get_options()) {
    if (option->get_positional()) usage += " " + PositionalUsage(*option);
    if (!option->get_positional() && option->get_required()) {
      usage += fmt::format(" {} {}", option->get_name(), option->get_type_name());
    }
  }
  return usage + " [options]\n";
}

std::string HelpFormatter::make_group(std::string group, bool is_positional, std::vector<const CLI::Option*> options) const {
  return CLI::Formatter::make_group(is_positional ? "Arguments" : group, is_positional, std::move(options));
}

std::string HelpFormatter::make_option(const CLI::Option* option, bool is_positional) const {
  const std::string names = is_positional ? "  " + PositionalUsage(*option) : "  " + OptionNames(*option);
  std::string description = option->get_description();
  if (!option->get_default_str().empty()) description += fmt::format(" [{}]", option->get_default_str());
  const std::string gap =
      names.size() + 2 > kColumn ? "\n" + std::string(kColumn, ' ') : std::string(kColumn - names.size(), ' ');
  return names + gap + description + "\n";
}

std::string HelpFormatter::make_help(const CLI::App* app, std::string name, CLI::AppFormatMode mode) const {
  return OneBlankLineAtMost(CLI::Formatter::make_help(app, std::move(name), mode));
}

}  // namespace eddy
