#include "train/data_source.h"

#include "eddy/error.h"

namespace eddy {

Json ToJson(const DataSource& source) {
  return {
      {"file", source.file},   {"hash", source.hash},   {"valid_file", source.valid_file}, {"valid_hash", source.valid_hash},
      {"share", source.share}, {"split", source.split}, {"counts", source.counts}};
}

DataSource DataSourceFromJson(const Json& json) {
  DataSource source;
  source.file = StringField(json, "file");
  source.hash = StringField(json, "hash");
  source.valid_file = StringField(json, "valid_file");
  source.share = NumberField(json, "share");
  source.valid_hash = json.contains("valid_hash") ? StringField(json, "valid_hash") : "";  // older models have neither
  source.split = json.contains("split") ? static_cast<int>(IntegerField(json, "split", 1, 2)) : 1;
  for (const double count : NumbersField(json, "counts")) {
    Require(count >= 0 && count < 1e15, "model", "the counts of its classes", "whole numbers", "not");
    source.counts.push_back(static_cast<size_t>(count));
  }
  return source;
}

}  // namespace eddy
