#include "tasks/text/result.h"

#include <fmt/format.h>

#include <cmath>

#include "base/counted.h"
#include "tasks/text/report.h"

namespace eddy {
namespace {

// That a token is unknown does not yet say which it is: its bytes are counted at 8 bits each on top.
double BitsPerByte(const TextResult& result) {
  const double tokens = result.score.nats * static_cast<double>(result.held_out) / std::log(2.0);
  return (tokens + 8 * static_cast<double>(result.unknown_bytes)) / static_cast<double>(result.bytes);
}

}  // namespace

std::string DescribeResult(const TextResult& result) {
  const double nats = result.score.nats;
  const bool sampled = result.score.tokens < result.held_out;
  const std::string error = sampled ? fmt::format(" +- {:.4f}", result.score.StandardErrorOf(result.held_out)) : "";
  const std::string tokens =
      (sampled ? fmt::format("{} of ", result.score.tokens) : "") + Counted(result.held_out, UnitName(result.unit));
  std::string text = fmt::format("{:.4f}{} {} ({:.4f} bits, perplexity {:.4g}, {:.4f} bits a byte) on {}", nats, error,
                                 LossUnit(result.unit), nats / std::log(2.0), std::exp(nats), BitsPerByte(result), tokens);
  if (result.unknown > 0) {
    text += fmt::format(", {} of them not in the vocabulary (their {} at 8 bits each)", result.unknown,
                        Counted(result.unknown_bytes, "byte"));
  }
  if (!result.floor) return text + "\nThe training text is not at hand (--train), so there is no n-gram to compare with.";
  return text + "\n" + CompareWithFloor(result.score, *result.floor, result.unit).verdict.sentence;
}

void AddResult(OrderedJson& json, const TextResult& result) {
  json["unit"] = TextUnitName(result.unit);
  json["tokens"] = result.score.tokens;
  json["unknown_tokens"] = result.unknown;
  json["of_tokens"] = result.held_out;
  json["nats_per_token"] = result.score.nats;
  json["standard_error"] = result.score.StandardErrorOf(result.held_out);
  json["bits_per_byte"] = BitsPerByte(result);
  json["perplexity"] = std::exp(result.score.nats);
  json["floor_nats_per_token"] = result.floor ? OrderedJson(result.floor->nats) : OrderedJson();
  json["floor"] = result.floor ? OrderedJson(result.floor->Name()) : OrderedJson();
  if (result.floor) AddVerdict(json, CompareWithFloor(result.score, *result.floor, result.unit).verdict);
}

}  // namespace eddy
