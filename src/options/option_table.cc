#include "options/option_table.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <charconv>

#include "base/nearest.h"

namespace eddy {
namespace {

// Text to value and back, for each type that a field can have. A range has seen the text: only overflow is left to fail.
template <class T>
bool Parse(const std::string& text, T& value) {
  if constexpr (std::is_same_v<T, std::string>) {
    value = text;
    return true;
  } else {
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data() + text.starts_with('+'), end, value);
    return error == std::errc() && stop == end;
  }
}
template <class T>
bool Parse(const std::string& text, std::optional<T>& value) {
  return Parse(text, value.emplace());
}

template <class T>
std::vector<std::string> TextsOf(const T& value) {
  return {fmt::format("{}", value)};
}
template <class T>
std::vector<std::string> TextsOf(const std::optional<T>& value) {
  return value ? TextsOf(*value) : std::vector<std::string>();
}
std::vector<std::string> TextsOf(const std::string& value) {
  return value.empty() ? std::vector<std::string>() : std::vector<std::string>{value};
}

template <class T>
Json JsonOf(const T& value) {
  return value;
}
template <class T>
Json JsonOf(const std::optional<T>& value) {
  return value ? Json(*value) : Json();
}
Json JsonOf(const std::string& value) { return value.empty() ? Json() : Json(value); }

template <class T>
constexpr OptionKind KindOf(const T&) {
  if constexpr (std::is_same_v<T, std::string>) return OptionKind::kText;
  return std::is_floating_point_v<T> ? OptionKind::kNumber : OptionKind::kWholeNumber;
}
template <class T>
constexpr OptionKind KindOf(const std::optional<T>&) {
  return KindOf(T());
}

// The check of a list whose items are of a range.
std::function<std::string(const std::string&)> EachOf(const ValueRange& range) {
  return [range](const std::string& text) {
    for (const std::string& item : SplitList(text)) {
      if (std::string wrong = range.problem(item); !wrong.empty()) return wrong;
    }
    return std::string();
  };
}

bool IsPositional(const std::string& name) { return std::isupper(static_cast<unsigned char>(name.front())) != 0; }

std::string Flagged(const Option& option) { return option.positional() ? option.name() : "--" + option.name(); }

}  // namespace

Option& Option::Required() {
  required_ = true;
  return *this;
}
Option& Option::Usually(std::string text) {
  usual_ = std::move(text);
  return *this;
}
Option& Option::Letter(char letter) {
  letter_ = letter;
  return *this;
}
Option& Option::Excludes(const std::string& name) {
  excluded_.push_back(name);
  return *this;
}
Option& Option::Needs(const std::string& name) {
  needed_.push_back(name);
  return *this;
}
Option& Option::OfTheRun() {
  of_the_run_ = true;
  return *this;
}

std::string Option::usual() const {
  if (usual_) return *usual_;
  if (flag() || required_) return "";
  return fmt::format("{}", fmt::join(texts_(), ","));
}

Option& Option::Takes(std::function<void(const std::vector<Data>&)> take) {
  take_ = std::move(take);
  return *this;
}

void Option::SetData(const std::vector<Data>& data) const {
  if (!take_) throw UsageError(Flagged(*this) + ": takes no data");
  take_(data);
}

void Option::Set(const std::vector<std::string>& texts) const {
  if (!flag()) {
    for (const std::string& text : texts) {
      if (const std::string wrong = Problem(text); !wrong.empty()) throw UsageError(Flagged(*this) + ": " + wrong);
    }
  }
  set_(texts);
}

Option& OptionTable::New(const std::string& name, const ValueRange& range, const std::string& help) {
  Option& option = options_.emplace_back();
  option.name_ = name;
  option.value_ = range.value;
  option.group_ = group_;
  option.help_ = help;
  option.positional_ = IsPositional(name);
  option.problem_ = range.problem;
  return option;
}

Option& OptionTable::Flag(const std::string& name, std::function<void()> set, std::function<bool()> is_set,
                          const std::string& help) {
  Option& option = New(name, {}, help);
  option.kind_ = OptionKind::kFlag;
  option.problem_ = [](const std::string&) { return std::string(); };
  option.set_ = [set = std::move(set)](const std::vector<std::string>&) { set(); };
  option.texts_ = [is_set] { return is_set() ? std::vector<std::string>{"true"} : std::vector<std::string>(); };
  option.json_ = [is_set] { return Json(is_set()); };
  return option;
}

Option& OptionTable::Flag(const std::string& name, bool& field, const std::string& help) {
  return Flag(
      name, [&field] { field = true; }, [&field] { return field; }, help);
}

template <class T>
Option& OptionTable::AddTyped(const std::string& name, T& field, const ValueRange& range, const std::string& help) {
  Option& option = New(name, range, help);
  option.kind_ = KindOf(field);
  option.set_ = [&field, name](const std::vector<std::string>& texts) {
    if (texts.empty() || !Parse(texts.back(), field)) throw UsageError("--" + name + ": must be a smaller number");
  };
  option.texts_ = [&field] { return TextsOf(field); };
  option.json_ = [&field] { return JsonOf(field); };
  return option;
}

Option& OptionTable::Add(const std::string& name, size_t& field, const ValueRange& range, const std::string& help) {
  return AddTyped(name, field, range, help);
}
Option& OptionTable::Add(const std::string& name, int& field, const ValueRange& range, const std::string& help) {
  return AddTyped(name, field, range, help);
}
Option& OptionTable::Add(const std::string& name, double& field, const ValueRange& range, const std::string& help) {
  return AddTyped(name, field, range, help);
}
Option& OptionTable::Add(const std::string& name, std::string& field, const ValueRange& range, const std::string& help) {
  return AddTyped(name, field, range, help);
}
Option& OptionTable::Add(const std::string& name, std::optional<size_t>& field, const ValueRange& range,
                         const std::string& help) {
  return AddTyped(name, field, range, help);
}
Option& OptionTable::Add(const std::string& name, std::optional<int64_t>& field, const ValueRange& range,
                         const std::string& help) {
  return AddTyped(name, field, range, help);
}
Option& OptionTable::Add(const std::string& name, std::optional<int>& field, const ValueRange& range,
                         const std::string& help) {
  return AddTyped(name, field, range, help);
}
Option& OptionTable::Add(const std::string& name, std::optional<double>& field, const ValueRange& range,
                         const std::string& help) {
  return AddTyped(name, field, range, help);
}
Option& OptionTable::Add(const std::string& name, std::optional<std::string>& field, const ValueRange& range,
                         const std::string& help) {
  return AddTyped(name, field, range, help);
}

Option& OptionTable::Add(const std::string& name, std::vector<std::string>& field, const ValueRange& range,
                         const std::string& help) {
  Option& option = New(name, range.Called("A,B"), help);
  option.kind_ = OptionKind::kTexts;
  option.problem_ = EachOf(range);
  option.set_ = [&field](const std::vector<std::string>& texts) { field = SplitList(texts.back()); };
  option.texts_ = [&field] { return field; };
  option.json_ = [&field] { return field.empty() ? Json() : Json(field); };
  return option;
}

Option& OptionTable::Add(const std::string& name, std::vector<double>& field, const ValueRange& range,
                         const std::string& help) {
  Option& option = New(name, range.Called("A,B"), help);
  option.kind_ = OptionKind::kNumbers;
  option.problem_ = EachOf(range);
  option.set_ = [&field](const std::vector<std::string>& texts) {
    field.clear();
    for (const std::string& item : SplitList(texts.back())) Parse(item, field.emplace_back());
  };
  option.texts_ = [&field] {
    std::vector<std::string> texts;
    for (const double value : field) texts.push_back(fmt::format("{}", value));
    return texts;
  };
  option.json_ = [&field] { return field.empty() ? Json() : Json(field); };
  return option;
}

Option& OptionTable::Add(const std::string& name, Data& field, const ValueRange& range, const std::string& help) {
  Option& option = Add(
      name, [&field](const std::string& path) { field = Data(path); }, [&field] { return field.name(); }, range, help);
  option.kind_ = OptionKind::kFile;
  return option.Takes([&field, name](const std::vector<Data>& data) {
    if (data.size() != 1) throw UsageError(name + ": takes one set of data");
    field = data.front();
  });
}

Option& OptionTable::AddMany(const std::string& name, std::vector<std::string>& field, const ValueRange& range,
                             const std::string& help) {
  Option& option = New(name, range, help);
  option.kind_ = OptionKind::kTexts;
  option.many_ = true;
  option.set_ = [&field](const std::vector<std::string>& texts) { field = texts; };
  option.texts_ = [&field] { return field; };
  option.json_ = [&field] { return field.empty() ? Json() : Json(field); };
  return option;
}

Option& OptionTable::AddMany(const std::string& name, std::vector<Data>& field, const ValueRange& range,
                             const std::string& help) {
  const auto names = [&field] {
    std::vector<std::string> all;
    for (const Data& each : field) all.push_back(each.name());
    return all;
  };
  Option& option = New(name, range, help);
  option.kind_ = OptionKind::kFile;
  option.many_ = true;
  option.set_ = [&field](const std::vector<std::string>& texts) { field.assign(texts.begin(), texts.end()); };
  option.texts_ = names;
  option.json_ = [&field, names] { return field.empty() ? Json() : Json(names()); };
  return option.Takes([&field](const std::vector<Data>& data) { field = data; });
}

Option& OptionTable::Add(const std::string& name, std::function<void(const std::string&)> parse,
                         std::function<std::string()> show, const ValueRange& range, const std::string& help) {
  Option& option = New(name, range, help);
  option.set_ = [parse = std::move(parse)](const std::vector<std::string>& texts) { parse(texts.back()); };
  option.texts_ = [show] {
    const std::string text = show();
    return text.empty() ? std::vector<std::string>() : std::vector<std::string>{text};
  };
  option.json_ = [show] {
    const std::string text = show();
    return text.empty() ? Json() : Json(text);
  };
  return option;
}

const Option* OptionTable::Look(const std::string& name) const {
  const auto found = std::find_if(options_.begin(), options_.end(), [&](const Option& each) { return each.name() == name; });
  return found == options_.end() ? nullptr : &*found;
}

Option& OptionTable::Find(const std::string& name) {
  if (const Option* option = Look(name)) return const_cast<Option&>(*option);
  std::vector<std::string_view> names;
  for (const Option& option : options_) names.push_back(option.name());
  const std::string nearest = Nearest(name, names);
  throw UsageError(fmt::format("there is no option {}{}", name, nearest.empty() ? "" : "; did you mean " + nearest + "?"));
}

void OptionTable::Check(const std::string& subject) const {
  for (const Option& option : options_) {
    const std::vector<std::string> texts = option.Texts();
    if (texts.empty() && option.required()) throw UsageError(fmt::format("{}: {} is required", subject, option.name()));
    if (option.flag()) continue;
    for (const std::string& text : texts) {
      const std::string wrong = option.Problem(text);
      if (!wrong.empty()) throw UsageError(fmt::format("{}: {} {}", subject, option.name(), wrong));
    }
  }
}

Json OptionTable::ToJson() const {
  Json json = Json::object();
  for (const Option& option : options_) {
    if (option.of_the_run()) continue;
    std::string key = option.name();
    std::replace(key.begin(), key.end(), '-', '_');
    if (Json value = option.ToJson(); !value.is_null()) json[key] = std::move(value);
  }
  return json;
}

std::vector<std::string> SplitList(const std::string& text) {
  std::vector<std::string> items;
  if (text.empty()) return items;
  for (size_t begin = 0; begin <= text.size();) {
    const size_t comma = std::min(text.find(',', begin), text.size());
    std::string item = text.substr(begin, comma - begin);
    item.erase(0, item.find_first_not_of(" \t"));
    item.erase(item.find_last_not_of(" \t") + 1);
    items.push_back(std::move(item));
    begin = comma + 1;
  }
  return items;
}

}  // namespace eddy
