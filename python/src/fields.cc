#include "fields.h"

#include <algorithm>
#include <deque>

namespace eddy::python {
namespace {

template <class Enum>
struct Named {
  const char* name;
  Enum value;
};

constexpr Named<Padding> kPaddings[] = {{"causal", Padding::kCausal}, {"same", Padding::kSame}, {"none", Padding::kNone}};
constexpr Named<Positions> kPositions[] = {
    {"none", Positions::kNone}, {"rotary", Positions::kRotary}, {"linear_bias", Positions::kLinearBias}};
constexpr Named<Normalization> kNorms[] = {{"rms", Normalization::kRms}, {"layer", Normalization::kLayer}};
constexpr Named<FeedForwardKind> kFeedForwards[] = {
    {"gelu", FeedForwardKind::kGelu}, {"swiglu", FeedForwardKind::kSwiGlu}, {"geglu", FeedForwardKind::kGeGlu}};

template <class Table, class Enum>
std::string NameIn(const Table& table, Enum value) {
  return std::find_if(std::begin(table), std::end(table), [&](const auto& n) { return n.value == value; })->name;
}

template <class Table, class Enum>
void ValueIn(const Table& table, const char* what, const std::string& name, Enum& value) {
  std::string names;
  for (const auto& named : table) {
    if (name == named.name) {
      value = named.value;
      return;
    }
    names += std::string(names.empty() ? "" : ", ") + named.name;
  }
  Fail("options", what, "one of " + names, "\"" + name + "\"");
}

}  // namespace

std::string NameOf(Precision value) { return std::string(PrecisionName(value)); }
std::string NameOf(Padding value) { return NameIn(kPaddings, value); }
std::string NameOf(Positions value) { return NameIn(kPositions, value); }
std::string NameOf(Normalization value) { return NameIn(kNorms, value); }
std::string NameOf(FeedForwardKind value) { return NameIn(kFeedForwards, value); }

void FromName(const std::string& name, Precision& value) { value = PrecisionFromName(name); }
void FromName(const std::string& name, Padding& value) { ValueIn(kPaddings, "padding", name, value); }
void FromName(const std::string& name, Positions& value) { ValueIn(kPositions, "positions", name, value); }
void FromName(const std::string& name, Normalization& value) { ValueIn(kNorms, "norm", name, value); }
void FromName(const std::string& name, FeedForwardKind& value) { ValueIn(kFeedForwards, "feed_forward", name, value); }

void FailUnknown(const char* what, const std::string& name, const std::vector<std::string>& fields) {
  std::string all;
  for (const std::string& field : fields) all += (all.empty() ? "" : ", ") + field;
  Fail(what, "an option", "one of " + all, name);
}

const char* Keep(std::string text) {
  static std::deque<std::string> texts;
  return texts.emplace_back(std::move(text)).c_str();
}

}  // namespace eddy::python
