#include "tasks/translate/data.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <numeric>

#include "data/class_split.h"
#include "data/digest.h"
#include "eddy/error.h"
#include "eddy/random.h"
#include "tasks/translate/scores.h"

namespace eddy {
namespace {

Json FilesToJson(const PairFiles& files) {
  return {{"table", files.table.name()}, {"source", files.source.name()}, {"target", files.target.name()}};
}

PairFiles FilesFromJson(const Json& json) {
  return {StringField(json, "table"), StringField(json, "source"), StringField(json, "target")};
}

size_t CountSources(const PairSet& pairs) { return GroupsOf(pairs.sources()).size(); }

std::vector<std::string_view> SourcesOf(const PairSet& pairs) {
  std::vector<std::string_view> sources;
  for (size_t i = 0; i < pairs.size(); ++i) sources.push_back(pairs[i].source);
  return sources;
}

// Holds out whole sources, those of the first pairs in `order`, until `held` pairs are held out; one source is left to
// learn.
void HoldOutSources(const PairSet& pairs, const std::vector<size_t>& order, size_t held, std::vector<uint8_t>& is_held,
                    const std::string& name) {
  const SourceGroups groups = GroupsOf(pairs.sources());
  Require(groups.size() >= 2, "split", name, "at least two different sources, to hold out one", "one");
  std::vector<size_t> group_of(pairs.size());
  for (size_t g = 0; g < groups.size(); ++g) {
    for (const size_t place : groups[g]) group_of[place] = g;
  }
  size_t count = 0, sources = 0;
  for (size_t i = 0; count < held && sources + 1 < groups.size(); ++i) {
    if (is_held[order[i]]) continue;
    for (const size_t place : groups[group_of[order[i]]]) is_held[place] = 1;
    count += groups[group_of[order[i]]].size();
    ++sources;
  }
}

}  // namespace

Halves HalvesOf(const PairSet& held_out) { return HalvesOf(CountSources(held_out)); }

PairSet PairsOf(const PairSet& pairs, const std::vector<size_t>& sources) {
  const SourceGroups groups = GroupsOf(pairs.sources());
  PairSet chosen;
  for (const size_t source : sources) {
    for (const size_t place : groups[source]) chosen.Add(pairs[place]);
  }
  return chosen;
}

std::string HashOf(const PairSet& pairs) {
  Digest hash;
  for (size_t i = 0; i < pairs.size(); ++i) {
    hash.Add(pairs[i].source);
    hash.Add("\t");
    hash.Add(pairs[i].target);
    hash.Add("\n");
  }
  return hash.Digits();
}

PairData SplitAgain(PairSource source, PairSet pairs) {
  Require(pairs.size() >= 2, "split", source.train.name(), "at least two pairs, to hold out one", "one");
  const double wanted = std::round(source.share * static_cast<double>(pairs.size()));
  const auto held = static_cast<size_t>(std::clamp(wanted, 1.0, static_cast<double>(pairs.size() - 1)));
  std::vector<size_t> order(pairs.size());
  std::iota(order.begin(), order.end(), size_t{0});
  Random random(kSplitKey);
  random.Shuffle(order);
  std::vector<uint8_t> is_held(pairs.size());
  if (source.split == 1) {
    for (size_t i = 0; i < held; ++i) is_held[order[i]] = 1;
  } else {
    HoldOutSources(pairs, order, held, is_held, source.train.name());
  }

  std::vector<size_t> held_places;
  for (size_t i = 0; i < pairs.size(); ++i) {
    if (is_held[i]) held_places.push_back(i);
  }
  PairData data;
  data.held_out = pairs.TakeOut(held_places);
  data.train = std::move(pairs);
  data.halves = source.split >= 2 ? HalvesOf(data.held_out) : AllOf(CountSources(data.held_out));
  data.source = std::move(source);
  return data;
}

PairData SplitPairData(PairSource source, PairSet pairs, std::optional<PairSet> valid) {
  source.hash = HashOf(pairs);
  PairData data;
  if (!valid) {
    data = SplitAgain(std::move(source), std::move(pairs));
  } else {
    data.train = std::move(pairs);
    data.held_out = std::move(*valid);
    data.source = std::move(source);
    data.source.valid_hash = HashOf(data.held_out);
    data.halves = HalvesOf(data.held_out);
  }
  data.fingerprint = HashOf(data.train) + HashOf(data.held_out);
  return data;
}

PairData LoadPairData(PairSource source, const HeldOut& held_out, const BadLines& bad) {
  Reading reading;
  PairSet pairs = ReadPairs(source.train, &reading, bad);
  std::optional<PairSet> valid;
  if (!source.valid.empty()) {
    valid = ReadPairs(source.valid, nullptr, bad);
  } else {
    source.share = ShareOf(held_out, pairs.size());
  }
  PairData data = SplitPairData(std::move(source), std::move(pairs), std::move(valid));
  data.reading = std::move(reading);
  return data;
}

std::optional<PairSet> FindTrainingPairs(const PairSource& source, const PairFiles& files) {
  const PairFiles& from = files.empty() ? source.train : files;
  PairSet pairs;
  try {
    pairs = ReadPairs(from);
  } catch (const Error&) {
    if (!files.empty()) throw;
    return std::nullopt;  // gone, or another file by now
  }
  if (HashOf(pairs) != source.hash) {
    Require(files.empty(), "evaluate", from.name(), "the pairs that the model was trained on", "others");
    return std::nullopt;
  }
  if (!source.valid.empty()) return pairs;
  return SplitAgain(source, std::move(pairs)).train;
}

size_t CountSeen(const PairSet& train, const PairSet& judged) { return CountSeen(SourcesOf(train), SourcesOf(judged)); }

Json ToJson(const PairSource& source) {
  return {{"train", FilesToJson(source.train)}, {"hash", source.hash},
          {"valid", FilesToJson(source.valid)}, {"share", source.share},
          {"valid_hash", source.valid_hash},    {"split", source.split}};
}

PairSource PairSourceFromJson(const Json& json) {
  PairSource source;
  source.train = FilesFromJson(ObjectField(json, "train"));
  source.hash = StringField(json, "hash");
  source.valid = FilesFromJson(ObjectField(json, "valid"));
  source.share = NumberField(json, "share");
  source.valid_hash = json.contains("valid_hash") ? StringField(json, "valid_hash") : "";  // older models have neither
  source.split = json.contains("split") ? static_cast<int>(IntegerField(json, "split", 1, 2)) : 1;
  return source;
}

}  // namespace eddy
