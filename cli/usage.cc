#include "usage.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "base/nearest.h"

namespace eddy {
namespace {

std::string DidYouMean(std::string_view word, const std::vector<std::string>& candidates) {
  const std::vector<std::string_view> views(candidates.begin(), candidates.end());
  const std::string nearest = Nearest(word, views);
  return nearest.empty() ? std::string() : fmt::format("; did you mean {}?", nearest);
}

// The verb that the command names, as far as it was understood: "train text".
const CLI::App& DeepestVerb(const CLI::App& app) {
  const std::vector<CLI::App*> chosen = app.get_subcommands();
  return chosen.empty() ? app : DeepestVerb(*chosen.front());
}

// "eddy train text".
std::string NameOf(const CLI::App& verb) {
  return verb.get_parent() == nullptr ? verb.get_name() : NameOf(*verb.get_parent()) + " " + verb.get_name();
}

std::vector<std::string> VerbsOf(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* verb : app.get_subcommands([](const CLI::App*) { return true; })) names.push_back(verb->get_name());
  return names;
}

std::vector<std::string> OptionsOf(const CLI::App& verb) {
  std::vector<std::string> names;
  for (const CLI::Option* option : verb.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

bool ParseNumber(const std::string& text, double& value) {
  char* end = nullptr;
  value = std::strtod(text.c_str(), &end);
  return !text.empty() && end == text.c_str() + text.size() && std::isfinite(value);
}

CLI::Validator NumberWhere(const std::string& expected, std::function<bool(double)> holds) {
  return CLI::Validator(
      [=](const std::string& text) {
        double value = 0;
        if (ParseNumber(text, value) && holds(value)) return std::string();
        return fmt::format("must be {}, but is {}", expected, text);
      },
      "");
}

}  // namespace

std::string DescribeUsageError(const CLI::App& app, const CLI::ParseError& error) {
  const CLI::App& verb = DeepestVerb(app);
  const std::vector<std::string> verbs = VerbsOf(verb);
  const std::string see = fmt::format(" (see {} --help)", NameOf(verb));
  const std::string name = verb.get_parent() == nullptr ? "the command" : NameOf(verb).substr(app.get_name().size() + 1);
  for (std::string word : app.remaining(true)) {
    if (word.starts_with("-")) {
      word.resize(std::min(word.find('='), word.size()));
      return fmt::format("{} has no option {}{}{}", name, word, DidYouMean(word, OptionsOf(verb)), see);
    }
    if (!verbs.empty()) return fmt::format("{} has no verb {}{}{}", name, word, DidYouMean(word, verbs), see);
    return fmt::format("{}: one word too many: {}{}", name, word, see);
  }
  if (!verbs.empty()) return fmt::format("{} needs a verb: {}{}", name, fmt::join(verbs, ", "), see);
  std::string message = error.what();
  std::replace(message.begin(), message.end(), '\n', ' ');
  return message + see;
}

std::vector<std::string> SplitList(const std::string& text) {
  std::vector<std::string> items;
  if (text.empty()) return items;
  for (std::string& item : CLI::detail::split(text, ',')) items.push_back(CLI::detail::trim(item));
  return items;
}

CLI::Validator OneOf(std::vector<std::string> words) {
  return CLI::Validator(
      [words = std::move(words)](const std::string& text) {
        if (std::find(words.begin(), words.end(), text) != words.end()) return std::string();
        return fmt::format("must be one of {}, but is {}{}", fmt::join(words, ", "), text, DidYouMean(text, words));
      },
      "");
}

CLI::Validator NumberIn(double low, double high) {
  return NumberWhere(fmt::format("a number from {} to {}", low, high), [=](double x) { return x >= low && x <= high; });
}

CLI::Validator WholeNumberIn(uint64_t low, uint64_t high) {
  return NumberWhere(fmt::format("a whole number from {} to {}", low, high), [=](double x) {
    return x >= static_cast<double>(low) && x <= static_cast<double>(high) && x == std::floor(x);
  });
}

CLI::Validator Probability() {
  return NumberWhere("at least 0 and below 1", [](double x) { return x >= 0 && x < 1; });
}

CLI::Validator Above(double low) {
  return NumberWhere(fmt::format("a number above {}", low), [=](double x) { return x > low; });
}

}  // namespace eddy
