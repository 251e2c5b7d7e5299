#include "usage.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/nearest.h"
#include "verbs.h"

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

void GroupVerbs(CLI::App& app, const char* title) {
  for (CLI::App* verb : app.get_subcommands([](const CLI::App*) { return true; })) verb->group(title);
}

}  // namespace eddy
