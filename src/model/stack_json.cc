#include "model/stack_json.h"

#include "eddy/layers/recurrent.h"
#include "model/fields_json.h"

namespace eddy {

Json ToJson(const StackOptions& options) {
  Json json = {{"precision", PrecisionName(options.precision)}};
  FieldsToJson fields(json);
  RecurrentKind::Fields(fields, options);
  return json;
}

StackOptions StackOptionsFromJson(const Json& json) {
  StackOptions options;
  FieldsFromJson fields(json);
  RecurrentKind::Fields(fields, options);
  if (json.contains("precision")) options.precision = PrecisionFromName(StringField(json, "precision"));
  return options;
}

}  // namespace eddy
